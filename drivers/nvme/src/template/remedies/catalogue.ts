// SPDX-License-Identifier: GPL-2.0-only
import { v3Parts, type V3Parts } from '../v3/parts.js';
import { ana_state_is_marked } from './ana-state-is-marked.js';
import { access_state_starts_as_other } from './access-state-starts-as-other.js';
import { cdev_device_holds_head } from './cdev-device-holds-head.js';
import { diag_attributes_find_head } from './diag-attributes-find-head.js';
import { failed_probe_is_a_removal } from './failed-probe-is-a-removal.js';
import { ioctl_holds_path } from './ioctl-holds-path.js';
import { number_goes_with_head } from './number-goes-with-head.js';
import type { NvmeRemedy } from './remedy.js';
import { splice_waits_for_srcu_readers } from './splice-waits-for-srcu-readers.js';

/** Every remedy of the driver's own; `fixed` has all of them, and all of the library's. */
export const nvmeRemedies: readonly NvmeRemedy[] = [
  diag_attributes_find_head,
  cdev_device_holds_head,
  ioctl_holds_path,
  access_state_starts_as_other,
  number_goes_with_head,
  failed_probe_is_a_removal,
  ana_state_is_marked,
  splice_waits_for_srcu_readers,
];

/** NVMe v3 with these. */
export const partsWith = (remedies: readonly NvmeRemedy[]): V3Parts =>
  remedies.reduce((parts, { apply }) => apply(parts), v3Parts);
