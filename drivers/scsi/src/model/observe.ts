// SPDX-License-Identifier: GPL-2.0-only
import { E, errno_name, kobject, sysfs_read, type attribute, type Json, type Steps } from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';
import { sd_disk_tunables, shost_tunables } from '../environment/tunables.js';
import { hexText, isData } from '../vocabulary/names.js';
import { groupingKey } from '../environment/vpd-lun-id.js';
import type { AttributeArgs, Owner } from '../vocabulary/args.js';
import { attachedPaths, diskOf, findDisk, findHead, isHidden, look, sizeMiB } from './sight-of.js';
import { pathOf, type ScsiModelWorld } from './world.js';

const HEAD_DEVICE = /^(?:scsi_mpath_device)?\d+$/;
const DISK = /^sd[a-z]+$/;
const PATH_DISK = /^(sd[a-z]+):(\d+)$/;

const dmHead = (world: ScsiModelWorld): Json => {
  const disk = findDisk(world);
  return disk === undefined ? { present: false } : { present: true, disk: 'dm-<N>', sizeMiB: sizeMiB(disk) };
};

export function* modelHead(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  if (world.daemon !== null) return dmHead(world);
  const head = findHead(world);
  if (head === undefined) return { present: false };
  const disk = findDisk(world);
  const device = HEAD_DEVICE.test(head.dev.name) ? head.dev.name.replace(/\d+$/, '<N>') : head.dev.name;
  return {
    present: true,
    device,
    disk: disk === undefined ? null : DISK.test(disk.disk_name) ? 'sd<X>' : disk.disk_name,
    sizeMiB: disk === undefined ? null : sizeMiB(disk),
    hidden: disk === undefined ? null : isHidden(disk),
  };
}

/** What dm-multipath says of its paths; null: it is not there. */
export function* modelDmStatus(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  return world.daemon === null ? null : yield* world.daemon.status();
}

export function* modelPaths(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  const head = findDisk(world);
  return Object.fromEntries(
    attachedPaths(world).map(({ label, sdev }) => {
      const disk = diskOf(sdev);
      if (disk === undefined) return [label, null];
      const [, own] = PATH_DISK.exec(disk.disk_name) ?? [];
      const name = own === undefined ? 'sd<X>' : own === head?.disk_name ? 'sd<head>:<Y>' : disk.disk_name;
      return [label, { name, hidden: isHidden(disk), sizeMiB: sizeMiB(disk) }];
    }),
  );
}

/** Text of an attribute without its newline, or the name of an errno; null: there is no such attribute. */
function* textOf(kobj: kobject, name: string): Steps<string | null> {
  if (!kobj.state_in_sysfs || !hasAttribute(kobj, name)) return null;
  const text = yield* sysfs_read(kobj, name);
  if (typeof text !== 'string') return errno_name(text);
  return isData(name) ? hexText(text) : text.replace(/\n$/, '');
}

const hasAttribute = (kobj: kobject, path: string): boolean => {
  const [first = '', second] = path.split('/', 2);
  if (second === undefined) return kobj.attributes.has(first);
  return kobj.groups.get(first)?.has(second) ?? false;
};

/** Of each attached path, one attribute of its device. */
function* ofEach(world: ScsiModelWorld, name: string): Steps<Json> {
  yield* look();
  const value: Record<string, Json> = {};
  for (const { label, sdev } of attachedPaths(world)) value[label] = yield* textOf(sdev.sdev_gendev.kobj, name);
  return value;
}

export const modelStates = (world: ScsiModelWorld): Steps<Json> => ofEach(world, 'state');
export const modelWwids = (world: ScsiModelWorld): Steps<Json> => ofEach(world, 'wwid');
export const modelAccessStates = (world: ScsiModelWorld): Steps<Json> => ofEach(world, 'access_state');
export const modelPreferred = (world: ScsiModelWorld): Steps<Json> => ofEach(world, 'preferred_path');

/** Of each attached path, one attribute of its disk. */
function* ofEachDisk(world: ScsiModelWorld, name: string): Steps<Json> {
  yield* look();
  const value: Record<string, Json> = {};
  for (const { label, sdev } of attachedPaths(world)) {
    const disk = diskOf(sdev);
    value[label] = disk === undefined ? null : yield* textOf(disk.device.kobj, name);
  }
  return value;
}

export const modelNumaNodes = (world: ScsiModelWorld): Steps<Json> => ofEachDisk(world, 'mpath_numa_nodes');
export const modelQueueDepths = (world: ScsiModelWorld): Steps<Json> => ofEachDisk(world, 'mpath_queue_depth');

const classAttributes = (sdev: scsi_device, owner: Owner): Readonly<Record<string, attribute>> => {
  if (owner === 'scsi_host') return shost_tunables(sdev);
  return sdev.sdkp === null ? {} : sd_disk_tunables(sdev.sdkp);
};

/** Writes an attribute of a class device of the path. @returns 0 or more, or -errno */
export const writeClassAttribute = (
  sdev: scsi_device,
  { owner, name }: { readonly owner: Owner; readonly name: string },
  buf: string,
): Steps<number> => classAttributes(sdev, owner)[name]?.store?.(buf) ?? refused(-E.EACCES);

function* refused(error: number): Steps<number> {
  return error;
}

function* textOfClass(sdev: scsi_device, owner: Owner, name: string): Steps<string | null> {
  const show = classAttributes(sdev, owner)[name]?.show;
  if (show === undefined) return null;
  const text = yield* show();
  return typeof text === 'string' ? text.replace(/\n$/, '') : errno_name(text);
}

/** One attribute: of a path's device or else its disk, or of the head's device or else its disk. */
export function* modelAttribute(world: ScsiModelWorld, { of, name, owner = 'device' }: AttributeArgs): Steps<Json> {
  yield* look();
  const sdev = of === 'head' ? null : pathOf(world, of).sdev;
  if (owner !== 'device') return sdev === null ? null : yield* textOfClass(sdev, owner, name);
  const device = of === 'head' ? findHead(world)?.dev : sdev?.sdev_gendev;
  const disk = of === 'head' ? findDisk(world) : sdev === null ? undefined : diskOf(sdev);
  const first = device === undefined ? null : yield* textOf(device.kobj, name);
  return first ?? (disk === undefined ? null : yield* textOf(disk.device.kobj, name));
}

const modes = (kobj: kobject): Json => {
  const text = (mode: number): string => mode.toString(8).padStart(4, '0');
  const value: Record<string, string> = {};
  for (const [name, { mode }] of kobj.attributes) value[name] = text(mode);
  for (const name of kobj.groups.keys()) value[name] = 'dir';
  return value;
};

export function* modelAttributes(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  const [first] = attachedPaths(world);
  const own = first === undefined ? undefined : diskOf(first.sdev);
  const of = (kobj: kobject | undefined): Json => (kobj === undefined ? null : modes(kobj));
  return {
    head: of(findHead(world)?.dev.kobj),
    disk: of(findDisk(world)?.device.kobj),
    path: of(first?.sdev.sdev_gendev.kobj),
    'path disk': of(own?.device.kobj),
  };
}

const linked = (kobj: kobject): string[] =>
  [...(kobj.groups.get('multipath') ?? [])].flatMap(([name, entry]) => (entry instanceof kobject ? [name] : []));

/** Labels of the paths whose disks the head's disk links to. */
export function* modelLinks(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  const disk = findDisk(world);
  if (disk === undefined || !disk.device.kobj.groups.has('multipath')) return null;
  const labels = new Map(attachedPaths(world).map(({ label, sdev }) => [diskOf(sdev)?.disk_name, label]));
  return linked(disk.device.kobj)
    .map((name) => labels.get(name) ?? name)
    .sort();
}

const partition = (parts: readonly (readonly string[])[]): Json =>
  parts
    .map((part) => [...part].sort())
    .filter((part) => part.length > 0)
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));

/** Attached paths by the multipath device that they are members of; one without is alone. */
export function* modelMembers(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  const attached = attachedPaths(world);
  const labels = new Map(attached.map(({ label, sdev }) => [sdev.sdev_gendev.name, label]));
  const heads = world.sight.heads().map(({ dev }) => linked(dev.kobj).flatMap((name) => labels.get(name) ?? []));
  const members = new Set(heads.flat());
  return partition([...heads, ...attached.filter(({ label }) => !members.has(label)).map(({ label }) => [label])]);
}

/** Attached paths by what their page 0x83 comes to, which is what they would be grouped by; one without is alone. */
export function* modelGroups(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  const groups = new Map<string, string[]>();
  for (const { label, sdev } of attachedPaths(world)) {
    const { vpd_pg83 } = sdev;
    const key = (vpd_pg83 === null ? undefined : groupingKey(vpd_pg83)) ?? `alone ${label}`;
    groups.set(key, [...(groups.get(key) ?? []), label]);
  }
  return partition([...groups.values()]);
}
