// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, pr_notice, READ_ONCE, WRITE_ONCE, type attribute_group, type Steps } from '@libmultipath/driver-kit';
import { nvme_iopolicy_names } from '../environment/constants.js';
import { for_each_ctrl } from '../environment/for-each-ctrl.js';
import type { nvme_core } from '../environment/nvme-core.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { nvme_mpath_clear_ctrl_paths } from './current-path.js';
import type { MainlineParts } from './parts.js';

export const iopolicy_names_6_1: readonly string[] = nvme_iopolicy_names.slice(0, 2);
export const iopolicy_names_6_11: readonly string[] = nvme_iopolicy_names;

/** Kernel: sysfs_streq() against each name: exact, one newline at the end allowed. @returns its number or -EINVAL */
const parse = (names: readonly string[], buf: string): number => {
  const index = names.indexOf(buf.replace(/\n$/, ''));
  return index === -1 ? -E.EINVAL : index;
};

/** Part of a profile: what a write to the module's parameter `iopolicy` is taken for. Pure. @returns a policy or -EINVAL */
export type ParseModuleIopolicy = (names: readonly string[], val: string) => number;

/** Whatever begins with a name. Kernel: nvme_set_iopolicy(), 6.1 and 6.12. */
export const module_iopolicy_6_1: ParseModuleIopolicy = (names, val) => {
  const index = names.findIndex((name) => val.startsWith(name));
  return index === -1 ? -E.EINVAL : index;
};

/** As the subsystem's attribute. Kernel: nvme_set_iopolicy(), 7.2 and 7.3. */
export const module_iopolicy_7_2: ParseModuleIopolicy = parse;

/** Writes the module's parameter: the policy of subsystems made later. @returns 0 or -EINVAL */
export const nvme_set_iopolicy = (core: nvme_core, parts: MainlineParts, val: string): number => {
  const policy = parts.module_iopolicy(parts.iopolicy_names, val);
  if (policy < 0) return policy;
  core.iopolicy = policy;
  return 0;
};

/** The value changes, nothing else. Kernel: nvme_subsys_iopolicy_store(), 6.1. */
export const iopolicy_store_6_1 = kfn(
  'nvme_subsys_iopolicy_store',
  function* (subsys: nvme_subsystem, names: readonly string[], buf: string): Steps<number> {
    const policy = parse(names, buf);
    if (policy < 0) return policy;
    yield* WRITE_ONCE(subsys, 'iopolicy', policy);
    return buf.length;
  },
);

/** Kernel: nvme_subsys_iopolicy_update(), 6.11 to 7.3. Context: may sleep. */
const nvme_subsys_iopolicy_update = kfn(
  'nvme_subsys_iopolicy_update',
  function* (subsys: nvme_subsystem, iopolicy: number): Steps<void> {
    const old_iopolicy = yield* READ_ONCE(subsys, 'iopolicy');
    if (old_iopolicy === iopolicy) return;
    yield* WRITE_ONCE(subsys, 'iopolicy', iopolicy);
    // Every choice of the old policy is forgotten.
    yield* for_each_ctrl(subsys, nvme_mpath_clear_ctrl_paths);
    const name = (policy: number): string => nvme_iopolicy_names[policy] ?? '';
    pr_notice(`subsysnqn ${subsys.subnqn} iopolicy changed from ${name(old_iopolicy)} to ${name(iopolicy)}`);
  },
);

/** Kernel: nvme_subsys_iopolicy_store(), 6.11 to 7.3. */
export const iopolicy_store_6_11 = kfn(
  'nvme_subsys_iopolicy_store',
  function* (subsys: nvme_subsystem, names: readonly string[], buf: string): Steps<number> {
    const policy = parse(names, buf);
    if (policy < 0) return policy;
    yield* nvme_subsys_iopolicy_update(subsys, policy);
    return buf.length;
  },
);

/** Kernel: nvme_subsys_attrs_groups with subsys_attr_iopolicy, all versions. */
export const subsystem_groups = (subsys: nvme_subsystem, parts: MainlineParts): readonly attribute_group[] => [
  {
    attrs: {
      iopolicy: {
        mode: 0o644,
        *show() {
          return `${parts.iopolicy_names[yield* READ_ONCE(subsys, 'iopolicy')] ?? ''}\n`;
        },
        store: (buf) => parts.iopolicy_store(subsys, parts.iopolicy_names, buf),
      },
    },
  },
];
