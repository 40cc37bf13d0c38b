// SPDX-License-Identifier: GPL-2.0-only
import { E, kobject, kstrtouint, type attribute, type Steps } from '@libmultipath/driver-kit';
import type { nvme_core } from './nvme-core.js';

const BYTE_MAX = 255;

const shown = (show: () => string): attribute => ({
  mode: 0o444,
  *show() {
    return `${show()}\n`;
  },
});

const yesOrNo = (value: boolean): string => (value ? 'Y' : 'N');

/** What a write takes: its bytes, or the error of the parameter. */
function* stored(buf: string, take: () => Steps<number>): Steps<number> {
  const error = yield* take();
  return error < 0 ? error : buf.length;
}

/**
 * Parameters of nvme-core that are about multipath. They change while nobody looks: no step.
 * Kernel: /sys/module/nvme_core/parameters, all versions.
 */
export const module_parameters = (core: nvme_core): kobject => {
  const kobj = new kobject(core, 'nvme_core');
  kobj.state_in_sysfs = true;
  const add = (name: string, attr: attribute): void => void kobj.attributes.set(name, attr);
  add(
    'multipath',
    shown(() => yesOrNo(core.multipath)),
  );
  if (core.parts.has_always_on) {
    add(
      'multipath_always_on',
      shown(() => yesOrNo(core.multipath_always_on)),
    );
  }
  add('iopolicy', {
    mode: 0o644,
    *show() {
      return `${core.mpath.iopolicy_names[core.iopolicy] ?? ''}\n`;
    },
    store: (buf) => stored(buf, () => core.mpath.set_module_iopolicy(core, buf)),
  });
  add('max_retries', {
    mode: 0o644,
    *show() {
      return `${String(core.max_retries)}\n`;
    },
    store: (buf) =>
      stored(buf, function* () {
        const value = kstrtouint(buf);
        if (value < 0) return value;
        if (value > BYTE_MAX) return -E.ERANGE;
        core.max_retries = value;
        return 0;
      }),
  });
  return kobj;
};
