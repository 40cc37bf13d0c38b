// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  mpath_iopolicy,
  MPATH_IOPOLICY_NUMA,
  MPATH_IOPOLICY_QD,
  MPATH_IOPOLICY_RR,
  type attribute_group,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import { for_each_ctrl } from '../environment/for-each-ctrl.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { errors } from '../errors.js';
import { nvme_mpath_clear_ctrl_paths } from './current-path.js';

const policies = [MPATH_IOPOLICY_NUMA, MPATH_IOPOLICY_RR, MPATH_IOPOLICY_QD] as const;

/** `subsys->mpath_iopolicy`: the environment's subsystem has no such member, so it hangs on its device. */
export const mpath_iopolicy_of = (subsys: nvme_subsystem): mpath_iopolicy => {
  const { driver_data } = subsys.dev;
  if (driver_data instanceof mpath_iopolicy) return driver_data;
  throw errors.fail('LMP-202', { message: `${subsys.label} has no policy variable`, todo: 'report this' });
};

/**
 * Every choice is forgotten and what waits is tried again, also when the policy is what it was.
 * Kernel: nvme_subsys_iopolicy_store(), NVMe v3. Context: may sleep. @returns bytes taken or -EINVAL
 */
const nvme_subsys_iopolicy_store = kfn(
  'nvme_subsys_iopolicy_store',
  function* (lib: LibV3, subsys: nvme_subsystem, buf: string): Steps<number> {
    if (!(yield* lib.mpath_iopolicy_store(mpath_iopolicy_of(subsys), buf))) return -E.EINVAL;
    yield* for_each_ctrl(subsys, (ctrl) => nvme_mpath_clear_ctrl_paths(lib, ctrl));
    return buf.length;
  },
);

/** Attributes of the subsystem device, which gets its policy here. Kernel: nvme_subsys_attrs_groups, NVMe v3. */
export const subsystem_groups = (lib: LibV3, subsys: nvme_subsystem): readonly attribute_group[] => {
  const policy = new mpath_iopolicy(subsys);
  policy.value = policies.find((value) => value === subsys.iopolicy) ?? MPATH_IOPOLICY_NUMA;
  subsys.dev.driver_data = policy;
  return [
    {
      attrs: {
        iopolicy: {
          mode: 0o644,
          show: () => lib.mpath_iopolicy_show(policy),
          store: (buf) => nvme_subsys_iopolicy_store(lib, subsys, buf),
        },
      },
    },
  ];
};
