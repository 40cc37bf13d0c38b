// SPDX-License-Identifier: GPL-2.0-only
import type { LibV3 } from '@libmultipath/driver-kit';
import type { scsi_multipath } from '../environment/multipath-ops.js';
import { scsi_mpath_end_request, scsi_mpath_start_request } from './accounting.js';
import { scsi_mpath_dev_alloc, scsi_mpath_dev_release } from './dev-alloc.js';
import { makeTemplate } from './make-template.js';
import { v3TemplateParts, type TemplateParts } from './parts.js';
import { refuses_reservation } from './persistent-reservations.js';
import { scsi_mpath_remove_device } from './remove-device.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';
import { path_disk_groups } from './sd/attributes.js';
import { sd_mpath_add_disk } from './sd/sd-mpath-add.js';
import { sd_mpath_probe } from './sd/sd-mpath-probe.js';
import { sd_mpath_fail_probe, sd_mpath_remove } from './sd/sd-mpath-remove.js';
import { sd_mpath_revalidate_head } from './sd/sd-mpath-revalidate.js';
import { scsi_mpath_add_sysfs_link, scsi_mpath_remove_sysfs_link } from './sysfs-links.js';
import { scsi_mpath_globals, type Template } from './template.js';

/** SCSI over the library, with its static data. */
export interface TemplateMultipath extends scsi_multipath {
  readonly globals: scsi_mpath_globals;
}

/**
 * SCSI over the library it is given, as the SCSI core and sd see it: scsi-multipath, v3. Multipath is off,
 * as the kernel has it, until scsi_multipath_param_set(). To be called where KObjects may be made.
 * @param parts what a remedy may have changed
 */
export const template_multipath = (lib: LibV3, parts: TemplateParts = v3TemplateParts): TemplateMultipath => {
  const globals = new scsi_mpath_globals();
  const user = { lib, parts, globals };
  const template: Template = { ...user, mpdt: makeTemplate(user) };
  return {
    globals,
    dev_alloc: (sdev) => scsi_mpath_dev_alloc(template, sdev),
    *add_sysfs_link(sdev) {
      const path = scsi_mpath_dev_of(sdev);
      if (path !== null) yield* scsi_mpath_add_sysfs_link(path);
    },
    *remove_sysfs_link(sdev) {
      const path = scsi_mpath_dev_of(sdev);
      if (path !== null) yield* scsi_mpath_remove_sysfs_link(path);
    },
    *remove_device(sdev) {
      const path = scsi_mpath_dev_of(sdev);
      if (path !== null) yield* scsi_mpath_remove_device(template, path);
    },
    dev_release: scsi_mpath_dev_release,
    start_request: (cmd) => scsi_mpath_start_request(template, cmd),
    end_request: scsi_mpath_end_request,
    *refuses(cmd) {
      return refuses_reservation(cmd);
    },
    sd_probe: (sdkp) => sd_mpath_probe(template, sdkp),
    sd_fail_probe: (sdkp) => sd_mpath_fail_probe(template, sdkp),
    sd_revalidate_head: sd_mpath_revalidate_head,
    sd_groups: (sdkp) => (scsi_mpath_dev_of(sdkp.device) === null ? [] : path_disk_groups(lib, sdkp)),
    sd_add_disk: (sdkp) => sd_mpath_add_disk(template, sdkp),
    sd_remove: (sdkp) => sd_mpath_remove(template, sdkp),
  };
};
