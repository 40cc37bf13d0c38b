// SPDX-License-Identifier: GPL-2.0-only
import {
  current,
  gendisk,
  GENHD_FL_HIDDEN,
  kobject,
  list_entries,
  settle,
  sysfs_read,
  type Json,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import type { HeadOfArgs } from '../vocabulary/args.js';
import { firstNsid, subsystemsOf } from '../topology.js';
import type { NvmeModelWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;
const HEAD = /^nvme(\d+)n(\d+)$/;
const PATH = /^nvme(\d+)c(\d+)n(\d+)$/;

/**
 * A user looks when everything has come to rest, timers excepted: what is looked at
 * without further steps is one state of the machine.
 */
export const look = (): Steps<void> => settle([]);

/** The subsystem device of a controller, of the topology's first subsystem unless said; undefined: none. Pure. */
export const findSubsystem = (
  { core, topology, slots }: NvmeModelWorld,
  label?: string,
): nvme_subsystem | undefined => {
  const [first] = topology.controllers;
  const isOne = label === undefined && subsystemsOf(topology).length === 1;
  const wanted = isOne ? undefined : slots.get(label ?? first?.label ?? '')?.subsystem.subnqn;
  return list_entries(core.nvme_subsystems).find(
    ({ dev, subnqn }) => dev.kobj.state_in_sysfs && (wanted === undefined || subnqn === wanted),
  );
};

/** The disk whose directory it is. */
const diskOf = (kobj: kobject): gendisk | undefined => {
  const disk = kobj.container?.container;
  return disk instanceof gendisk ? disk : undefined;
};

/**
 * The disk of a head as sysfs has it: of the subsystem of a controller, of the first unless said, and of the first
 * namespace there unless said; undefined: none. Pure.
 */
export const findHead = (world: NvmeModelWorld, nsid?: number, label?: string): gendisk | undefined => {
  const subsys = findSubsystem(world, label);
  const wanted = nsid ?? firstNsid(world.topology, label);
  for (const [name, kobj] of subsys?.dev.kobj.children ?? []) {
    const disk = HEAD.test(name) ? diskOf(kobj) : undefined;
    if (disk !== undefined && world.core.mpath.head_nsid(disk) === wanted) return disk;
  }
  return undefined;
};

export interface PathDisk {
  readonly label: string;
  readonly ns: nvme_ns_base;
}

/** Path disks of the attached controllers, in the order of the topology. Pure. */
export const findPaths = (world: NvmeModelWorld): readonly PathDisk[] =>
  [...world.slots.values()].flatMap((slot) =>
    slot.drvdata === null
      ? []
      : list_entries(slot.drvdata.namespaces)
          .filter((ns) => ns.disk.device.kobj.state_in_sysfs)
          .map((ns) => ({ label: slot.slotLabel, ns })),
  );

const sizeMiB = (disk: gendisk): number => disk.part0.bd_nr_sectors / SECTORS_PER_MIB;
const isHidden = (disk: gendisk): boolean => (disk.flags & GENHD_FL_HIDDEN) !== 0;

export function* modelHead(world: NvmeModelWorld, { of }: HeadOfArgs = {}): Steps<Json> {
  yield* look();
  const disk = findHead(world, undefined, of);
  const [, subsystem, instance] = HEAD.exec(disk?.disk_name ?? '') ?? [];
  if (disk === undefined || subsystem === undefined || instance === undefined) return { present: false };
  const cdev = findSubsystem(world, of)?.dev.kobj.children.has(`ng${subsystem}n${instance}`) ?? false;
  return { present: true, instance: Number(instance), sizeMiB: sizeMiB(disk), hidden: isHidden(disk), cdev };
}

/** The name with the two instances that may be any number replaced where they are the right ones. */
const pattern = ({ ns }: PathDisk, subsystem: number | undefined): string => {
  const { disk_name } = ns.disk;
  const [, S, C, N] = PATH.exec(disk_name) ?? [];
  if (S === undefined || C === undefined || N === undefined) {
    const [, own, instance] = HEAD.exec(disk_name) ?? [];
    const isNamed = !ns.ctrl.core.multipath && instance !== undefined && Number(own) === ns.ctrl.instance;
    return isNamed ? `nvme<C>n${instance}` : disk_name;
  }
  return `nvme${Number(S) === subsystem ? '<S>' : S}c${Number(C) === ns.ctrl.instance ? '<C>' : C}n${N}`;
};

export function* modelPaths(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  return Object.fromEntries(
    findPaths(world).map((path) => {
      const subsystem = findSubsystem(world, path.label)?.instance;
      const { disk } = path.ns;
      const ana = disk.device.kobj.attributes.has('ana_state');
      return [path.label, { name: pattern(path, subsystem), hidden: isHidden(disk), sizeMiB: sizeMiB(disk), ana }];
    }),
  );
}

export function* modelLinks(world: NvmeModelWorld, { of }: HeadOfArgs = {}): Steps<Json> {
  yield* look();
  const group = findHead(world, undefined, of)?.device.kobj.groups.get('multipath');
  if (group === undefined) return null;
  const labels = new Map(findPaths(world).map(({ label, ns }) => [ns.disk.disk_name, label]));
  return [...group].flatMap(([name, entry]) => (entry instanceof kobject ? [labels.get(name) ?? name] : [])).sort();
}

const DIAG = 'diag';

const modes = (kobj: kobject): Json => {
  const text = (mode: number): string => mode.toString(8).padStart(4, '0');
  const value: Record<string, string> = {};
  for (const [name, { mode }] of kobj.attributes) value[name] = text(mode);
  for (const [name, group] of kobj.groups) {
    value[name] = 'dir';
    if (name !== DIAG) continue;
    for (const [own, entry] of group) if (!(entry instanceof kobject)) value[`${DIAG}/${own}`] = text(entry.mode);
  }
  return value;
};

export function* modelAttributes(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  const head = findHead(world);
  const [path] = findPaths(world);
  return {
    head: head === undefined ? null : modes(head.device.kobj),
    path: path === undefined ? null : modes(path.ns.disk.device.kobj),
  };
}

export function* modelNumaNodes(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  const value: Record<string, Json> = {};
  for (const { label, ns } of findPaths(world)) {
    const text = yield* sysfs_read(ns.disk.device.kobj, 'numa_nodes');
    value[label] = typeof text === 'string' ? text : null;
  }
  return value;
}

/** What an attribute says: its number, or the text when it is none. */
const numberIn = (text: string): number | string => (Number.isNaN(Number(text)) ? text.trimEnd() : Number(text));

export function* modelCounters(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  const kobj = findHead(world)?.device.kobj;
  if (kobj === undefined) return null;
  const requeued = yield* sysfs_read(kobj, `${DIAG}/io_requeue_no_usable_path_count`);
  const failed = yield* sysfs_read(kobj, `${DIAG}/io_fail_no_available_path_count`);
  if (typeof requeued !== 'string' || typeof failed !== 'string') return null;
  return { requeued: numberIn(requeued), failed: numberIn(failed) };
}

/** Runs on a CPU, as a pinned thread does. */
export function* onCpu<T>(cpu: number, body: () => Steps<T>): Steps<T> {
  const task = current();
  const before = task.cpu;
  task.cpu = cpu;
  const value = yield* body();
  task.cpu = before;
  return value;
}
