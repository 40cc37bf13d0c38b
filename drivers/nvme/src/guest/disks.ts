// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, contentOf, namesIn } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { parseControllerName, parseHeadName, parsePathName, type HeadName, type PathName } from './names.js';
import { firstNsid, subsystemNqn, subsystemOf, subsystemsOf } from '../topology.js';
import type { NvmeGuestWorld } from './world.js';

const SUBSYSTEMS = '/sys/class/nvme-subsystem';

/** The head disk under observation. */
export interface HeadDisk extends HeadName {
  /** `nvme0n1`; the name of its node in `/dev` too. */
  readonly name: string;
  /** Its directory in sysfs. */
  readonly dir: string;
}

/** A path disk of the head, with the label of its controller. */
export interface PathDisk {
  readonly label: string;
  readonly name: string;
  readonly parsed: PathName | undefined;
  /** Instance of the controller as the kernel numbers it now. */
  readonly controllerInstance: number;
  readonly dir: string;
}

/** Which head: that of a namespace, in the subsystem of a controller; of the first unless said. */
export interface WhichHead {
  readonly nsid?: number | undefined;
  readonly of?: string | undefined;
}

/** Directory of the subsystem of a controller, of the topology's first unless said; `undefined`: nothing keeps one alive. */
export const findSubsystem = async ({ port, topology }: NvmeGuestWorld, of?: string): Promise<string | undefined> => {
  const names = await namesIn(port, SUBSYSTEMS);
  const [first] = names;
  if (subsystemsOf(topology).length === 1) return first === undefined ? undefined : `${SUBSYSTEMS}/${first}`;
  const wanted = subsystemNqn(topology, subsystemOf(topology, of));
  for (const name of names) {
    const dir = `${SUBSYSTEMS}/${name}`;
    if ((await attributeOf(port, `${dir}/subsysnqn`)) === wanted) return dir;
  }
  return undefined;
};

/** The head of a namespace, of its subsystem's first one unless said; or `undefined`: there is none. */
export const findHead = async (world: NvmeGuestWorld, { nsid, of }: WhichHead = {}): Promise<HeadDisk | undefined> => {
  const subsystem = await findSubsystem(world, of);
  if (subsystem === undefined) return undefined;
  const wanted = String(nsid ?? firstNsid(world.topology, of));
  for (const name of await namesIn(world.port, subsystem)) {
    const parsed = parseHeadName(name);
    const dir = `${subsystem}/${name}`;
    if (parsed !== undefined && (await attributeOf(world.port, `${dir}/nsid`)) === wanted)
      return { name, dir, ...parsed };
  }
  return undefined;
};

/** @throws LMP-227 there is no head */
export const needHead = async (world: NvmeGuestWorld, why: string, which: WhichHead = {}): Promise<HeadDisk> => {
  const head = await findHead(world, which);
  if (head === undefined) {
    throw errors.fail('LMP-227', { message: `${why} needs the head disk, and there is none`, where: SUBSYSTEMS });
  }
  return head;
};

/** Path disks of all attached controllers, in the order of the topology. */
export const findPaths = async (world: NvmeGuestWorld): Promise<readonly PathDisk[]> => {
  const paths: PathDisk[] = [];
  for (const place of world.slots.values()) {
    for (const controller of await place.controllers(world.port)) {
      const controllerInstance = parseControllerName(controller.name);
      if (controllerInstance === undefined) continue;
      for (const name of await namesIn(world.port, controller.dir)) {
        if (!/^nvme\d+(c\d+)?n\d+$/.test(name)) continue;
        const dir = `${controller.dir}/${name}`;
        paths.push({ label: place.label, name, parsed: parsePathName(name), controllerInstance, dir });
      }
    }
  }
  return paths;
};

/** The path disk of one controller, of the first namespace of its subsystem unless said. */
export const findPathOf = async (
  world: NvmeGuestWorld,
  label: string,
  nsid: number | undefined,
): Promise<PathDisk | undefined> => {
  const wanted = String(nsid ?? firstNsid(world.topology, label));
  for (const path of await findPaths(world)) {
    if (path.label === label && (await attributeOf(world.port, `${path.dir}/nsid`)) === wanted) return path;
  }
  return undefined;
};

/**
 * Disk name → major:minor. Hidden disks have no `dev` attribute, but this table lists
 * them, and a trace names devices by number.
 */
export const deviceNumbers = async (world: NvmeGuestWorld): Promise<ReadonlyMap<string, string>> =>
  parseDiskstats((await contentOf(world.port, '/proc/diskstats')) ?? '');

export const parseDiskstats = (text: string): ReadonlyMap<string, string> => {
  const numbers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [major, minor, name] = line.trim().split(/\s+/);
    if (major !== undefined && minor !== undefined && name !== undefined) numbers.set(name, `${major}:${minor}`);
  }
  return numbers;
};
