// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group } from '@libmultipath/driver-kit';
import { FIRMWARE } from './controller-identity.js';
import { shown } from './ctrl-attributes.js';
import type { nvme_subsystem } from './nvme-subsystem.js';

/**
 * What sysfs shows of a subsystem, beside its policy. (Of `firmware_rev`, the version of the
 * emulator or of the target, only the form is.) Kernel: nvme_subsys_attrs, all versions.
 */
export const identity_group = (subsys: nvme_subsystem): attribute_group => ({
  attrs: {
    model: shown(() => subsys.texts.model),
    firmware_rev: {
      mode: 0o444,
      *show() {
        return FIRMWARE;
      },
    },
    serial: shown(() => subsys.texts.serial),
    subsysnqn: shown(() => subsys.subnqn),
    subsystype: shown(() => 'nvm'),
  },
});
