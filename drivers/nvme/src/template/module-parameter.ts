// SPDX-License-Identifier: GPL-2.0-only
import { mpath_iopolicy, type Steps } from '@libmultipath/driver-kit';
import type { nvme_core } from '../environment/nvme-core.js';
import type { NvmeConversion } from './library.js';

/**
 * Module parameter `iopolicy`: the policy of subsystems that are made later. The library takes whatever begins with a
 * name on v1 and v2, and the name alone on v3.
 * Kernel: nvme_set_iopolicy(), NVMe v1 to v3. @returns 0 or -EINVAL
 */
export function* nvme_set_iopolicy(nvme: NvmeConversion, core: nvme_core, val: string | null): Steps<number> {
  const policy = new mpath_iopolicy();
  const error = yield* nvme.set_iopolicy(val, policy);
  if (error === 0) core.iopolicy = policy.value;
  return error;
}
