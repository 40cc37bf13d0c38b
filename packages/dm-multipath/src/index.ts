// SPDX-License-Identifier: GPL-2.0-only

export type { Activate, Activation, ActivationDone } from './activation.js';
export { dmMultipathErrors } from './errors.js';
export { mapped_device } from './mapped-device.js';
export { dm_message, dm_status, type DmGroupStatus, type DmMessage, type DmPathStatus } from './messages.js';
export type { DmPath, MultipathOptions } from './multipath.js';
export { set_queue_if_no_path_timeout_secs } from './no-path-timeout.js';
export { dm_create, dm_reload, dm_resume, dm_suspend, type DmGroups } from './table.js';
