// SPDX-License-Identifier: GPL-2.0-only
import {
  is_mpath_request,
  type KObject,
  type LibV1,
  type LibV2,
  type LibV3,
  type mpath_head_template,
  type v1,
  type v2,
} from '@libmultipath/driver-kit';
import { as_decided, type scsi_multipath } from '../environment/multipath-ops.js';
import { scsi_mpath_end_request, scsi_mpath_start_request } from './accounting.js';
import { scsi_mpath_dev_alloc, scsi_mpath_dev_release } from './dev-alloc.js';
import type { ScsiLibrary } from './library.js';
import { libraryV2 } from './library-v2.js';
import { libraryV3 } from './library-v3.js';
import { libraryV1 } from './library-v1.js';
import { disposition_v1, scsi_mpath_failover_req } from './failover-v1.js';
import { makeTemplate, makeTemplateV2 } from './make-template.js';
import { bare, prefixed } from './naming.js';
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
import { makeTemplateV1, sd_mpath_end_cmd, sd_mpath_start_cmd } from './template-v1.js';
import { scsi_mpath_globals, type Naming, type Template } from './template.js';

/** SCSI over the library, with its static data. */
export interface TemplateMultipath extends scsi_multipath {
  readonly globals: scsi_mpath_globals;
  readonly lib: ScsiLibrary;
  /** Every head, path and disk that was allocated. */
  readonly made: readonly KObject[];
}

/** What every revision does at the places where core and sd call it. */
export const multipathOf = (template: Template): TemplateMultipath => {
  const { lib, globals, made } = template;
  return {
    globals,
    lib,
    made,
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
    disposition: as_decided,
    *leaves() {
      return false;
    },
    *failover() {},
    *runs_again(sdev) {
      const path = scsi_mpath_dev_of(sdev);
      if (path !== null) yield* template.parts.on_running(lib, path);
    },
    *refuses(cmd) {
      return refuses_reservation(cmd);
    },
    sd_probe: (sdkp) => sd_mpath_probe(template, sdkp),
    sd_fail_probe: (sdkp) => sd_mpath_fail_probe(template, sdkp),
    sd_revalidate_head: (sdkp) => sd_mpath_revalidate_head(template, sdkp),
    sd_groups: (sdkp) => (scsi_mpath_dev_of(sdkp.device) === null ? [] : path_disk_groups(lib, sdkp)),
    sd_add_disk: (sdkp) => sd_mpath_add_disk(template, sdkp),
    sd_remove: (sdkp) => sd_mpath_remove(template, sdkp),
  };
};

/** The static data of a template, and what is made from it. To be called where KObjects may be made. */
export const templateOf = (lib: ScsiLibrary, parts: TemplateParts, naming: Naming): Template => ({
  lib,
  parts,
  globals: new scsi_mpath_globals(),
  naming,
  made: [],
});

/**
 * SCSI over the library it is given, as the SCSI core and sd see it: scsi-multipath, v3. Multipath is off,
 * as the kernel has it, until scsi_multipath_param_set(). To be called where KObjects may be made.
 * @param parts what a remedy may have changed
 * @param change what an observer adds to the callbacks, or a test takes away
 */
export const template_multipath = (
  lib: LibV3,
  parts: TemplateParts = v3TemplateParts,
  change: (template: mpath_head_template) => mpath_head_template = (template) => template,
): TemplateMultipath => {
  const template = templateOf(
    libraryV3(lib, () => mpdt),
    parts,
    prefixed,
  );
  const mpdt = change(makeTemplate(template));
  return multipathOf(template);
};

/**
 * The same over v2: what v3 changed is the library's interface. scsi-multipath, v2.
 */
export const template_multipath_v2 = (
  lib: LibV2,
  change: (template: v2.mpath_head_template) => v2.mpath_head_template = (template) => template,
): TemplateMultipath => {
  const template = templateOf(
    libraryV2(lib, () => mpdt),
    v3TemplateParts,
    prefixed,
  );
  const mpdt = change(makeTemplateV2(template));
  return multipathOf(template);
};

/**
 * v1: what fails is decided in the error path of the midlayer, commands count by path, reservations and ioctls go
 * through callbacks. How the driver keeps head and disk is that of v2 here, without a delayed removal: those
 * patches of v1 were not read one by one. scsi-multipath, v1.
 */
export const template_multipath_v1 = (
  lib: LibV1,
  change: (template: v1.mpath_head_template) => v1.mpath_head_template = (template) => template,
): TemplateMultipath => {
  const template = templateOf(
    libraryV1(lib, () => mpdt),
    v3TemplateParts,
    bare,
  );
  const mpdt = change(makeTemplateV1(template, lib));
  return {
    ...multipathOf(template),
    start_request: (cmd) => sd_mpath_start_cmd(template, cmd),
    end_request: sd_mpath_end_cmd,
    disposition: disposition_v1,
    *leaves(cmd) {
      return is_mpath_request(cmd);
    },
    failover: (cmd) => scsi_mpath_failover_req(template, cmd),
    *refuses() {
      return false;
    },
  };
};
