// SPDX-License-Identifier: GPL-2.0-only
export { mpath_add_sysfs_link, mpath_remove_sysfs_link } from '../sysfs/links-of-device.js';
