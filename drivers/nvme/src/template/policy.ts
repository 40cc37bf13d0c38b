// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  mpath_iopolicy,
  MPATH_IOPOLICY_NUMA,
  MPATH_IOPOLICY_QD,
  MPATH_IOPOLICY_RR,
  type attribute_group,
  type Steps,
} from '@libmultipath/driver-kit';
import { for_each_ctrl } from '../environment/for-each-ctrl.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { errors } from '../errors.js';
import { nvme_mpath_clear_ctrl_paths } from './current-path.js';
import type { NvmeConversion } from './library.js';

const policies = [MPATH_IOPOLICY_NUMA, MPATH_IOPOLICY_RR, MPATH_IOPOLICY_QD] as const;

/**
 * `subsys->iopolicy` of v1 and v2, `subsys->mpath_iopolicy` of v3: the environment's subsystem has no such member,
 * so it hangs on its device.
 */
export const mpath_iopolicy_of = (subsys: nvme_subsystem): mpath_iopolicy => {
  const { driver_data } = subsys.dev;
  if (driver_data instanceof mpath_iopolicy) return driver_data;
  throw errors.fail('LMP-202', { message: `${subsys.label} has no policy variable`, todo: 'report this' });
};

/** Every choice of the subsystem is forgotten, and what waits is tried again. Context: may sleep. */
export const clear_subsystem_paths = (nvme: NvmeConversion, subsys: nvme_subsystem): Steps<void> =>
  for_each_ctrl(subsys, (ctrl) => nvme_mpath_clear_ctrl_paths(nvme, ctrl));

/**
 * Every choice is forgotten and what waits is tried again, also when the policy is what it was.
 * Kernel: nvme_subsys_iopolicy_store(), NVMe v2 and v3. Context: may sleep. @returns bytes taken or -EINVAL
 * @param store mpath_iopolicy_store(): false for a name that it does not know
 */
export const clears_after_any_store = (
  store: (policy: mpath_iopolicy, buf: string) => Steps<boolean>,
  clear: (subsys: nvme_subsystem) => Steps<void>,
) =>
  kfn(
    'nvme_subsys_iopolicy_store',
    function* (subsys: nvme_subsystem, policy: mpath_iopolicy, buf: string): Steps<number> {
      if (!(yield* store(policy, buf))) return -E.EINVAL;
      yield* clear(subsys);
      return buf.length;
    },
  );

/** Attributes of the subsystem device, which gets its policy here. Kernel: nvme_subsys_attrs_groups, NVMe v1 to v3. */
export const subsystem_groups = (nvme: NvmeConversion, subsys: nvme_subsystem): readonly attribute_group[] => {
  const policy = new mpath_iopolicy(subsys);
  policy.value = policies.find((value) => value === subsys.iopolicy) ?? MPATH_IOPOLICY_NUMA;
  subsys.dev.driver_data = policy;
  return [
    {
      attrs: {
        iopolicy: {
          mode: 0o644,
          show: () => nvme.iopolicy_show(policy),
          store: (buf) => nvme.iopolicy_store(subsys, policy, buf),
        },
      },
    },
  ];
};
