// SPDX-License-Identifier: GPL-2.0-only
import {
  gendisk,
  type LibV1,
  type LibV2,
  type LibV3,
  type mpath_head_template,
  type Steps,
  type v1,
  type v2,
} from '@libmultipath/driver-kit';
import type { ScsiEnvironmentParts } from '../environment/parts.js';
import { note, scsi_journal } from '../model/journal.js';
import type { DiskSight, MultipathSight } from '../model/sight.js';
import { makeScsiWorld, type ScsiModelWorld } from '../model/world.js';
import { errors } from '../errors.js';
import type { ScsiTopology } from '../topology.js';
import {
  template_multipath,
  template_multipath_v1,
  template_multipath_v2,
  type TemplateMultipath,
} from './multipath.js';
import { scsi_multipath_param_set } from './parameters.js';
import type { TemplateParts } from './parts.js';
import { scsi_mpath_head } from './scsi-mpath-head.js';
import { sd_mpath_disk } from './sd/sd-mpath-disk.js';

/** What sysfs has in the two classes. */
const sightOf = ({ globals, lib, made }: TemplateMultipath): MultipathSight => ({
  classes: { heads: globals.scsi_mpath_device_class.kobj, disks: globals.scsi_mpath_disk_class.kobj },
  made: () => made,
  views: () =>
    made.flatMap((one) => (one instanceof scsi_mpath_head && !one.alloc.freed ? [lib.view(one.mpath_head)] : [])),
  heads: () =>
    [...globals.scsi_mpath_device_class.kobj.children.values()].flatMap((kobj) => {
      const head = kobj.container?.container;
      return head instanceof scsi_mpath_head ? [{ id: head.vpd_id, dev: head.dev }] : [];
    }),
  disks: () =>
    [...globals.scsi_mpath_disk_class.kobj.children.values()].flatMap((kobj): DiskSight[] => {
      const owner = kobj.container?.container;
      if (!(owner instanceof sd_mpath_disk)) return [];
      return [...kobj.children.values()].flatMap((child): DiskSight[] => {
        const disk = child.container?.container;
        return disk instanceof gendisk ? [{ id: owner.scsi_mpath_head.vpd_id, disk }] : [];
      });
    }),
});

/** Notes that a path has come back after the last one had gone. */
function* noteReturn(journal: scsi_journal): Steps<void> {
  if (!journal.isOrphan) return;
  journal.isOrphan = false;
  yield* note(journal, 'returned');
}

/** The driver with its observer: when the timer of a delayed removal is out, when a path comes back. */
const observed = (mpath: TemplateMultipath, journal: scsi_journal): TemplateMultipath => ({
  ...mpath,
  *sd_add_disk(sdkp): Steps<void> {
    yield* mpath.sd_add_disk(sdkp);
    yield* noteReturn(journal);
  },
});

/** `remove_head` with a note of its beginning. */
const withNote = <H>(remove_head: (head: H) => Steps<void>, journal: scsi_journal) =>
  function* (head: H): Steps<void> {
    yield* note(journal, 'expired');
    yield* remove_head(head);
  };

const build = (
  topology: ScsiTopology,
  environment: ScsiEnvironmentParts,
  mpath: TemplateMultipath,
  journal: scsi_journal,
): ScsiModelWorld => {
  if (scsi_multipath_param_set(mpath.globals, topology.multipath) !== 0) {
    throw errors.fail('LMP-250', { message: `no mode is called ${topology.multipath}`, todo: 'report this' });
  }
  return makeScsiWorld(topology, environment, observed(mpath, journal), sightOf(mpath), journal);
};

/** The driver of v3 on a library, and what it stands on. To be called where KObjects may be made. */
export const makeWorldV3 = (
  topology: ScsiTopology,
  lib: LibV3,
  parts: TemplateParts,
  environment: ScsiEnvironmentParts,
  change: (template: mpath_head_template) => mpath_head_template = (template) => template,
): ScsiModelWorld => {
  lib.mpath_init();
  const journal = new scsi_journal();
  const mpath = template_multipath(lib, parts, (template) => {
    const { remove_head } = template;
    return change(remove_head === undefined ? template : { ...template, remove_head: withNote(remove_head, journal) });
  });
  return build(topology, environment, mpath, journal);
};

/** The same of v2. */
export const makeWorldV2 = (
  topology: ScsiTopology,
  lib: LibV2,
  environment: ScsiEnvironmentParts,
  change: (template: v2.mpath_head_template) => v2.mpath_head_template = (template) => template,
): ScsiModelWorld => {
  lib.mpath_init();
  const journal = new scsi_journal();
  const mpath = template_multipath_v2(lib, (template) => {
    const { remove_head } = template;
    return change(remove_head === undefined ? template : { ...template, remove_head: withNote(remove_head, journal) });
  });
  return build(topology, environment, mpath, journal);
};

/** The same of v1, which has no delayed removal. */
export const makeWorldV1 = (
  topology: ScsiTopology,
  lib: LibV1,
  environment: ScsiEnvironmentParts,
  change: (template: v1.mpath_head_template) => v1.mpath_head_template = (template) => template,
): ScsiModelWorld => {
  lib.mpath_init();
  return build(topology, environment, template_multipath_v1(lib, change), new scsi_journal());
};
