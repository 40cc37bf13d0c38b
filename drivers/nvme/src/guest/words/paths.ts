// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type Json, type NoArgs } from '@libmultipath/driver-kit';
import { findPaths, findSubsystem, type PathDisk } from '../disks.js';
import { parseHeadName } from '../names.js';
import { sizeMiBOf } from '../sizes.js';
import type { NvmeGuestWorld } from '../world.js';

/** The name with the two instances that may be any number replaced where they are the right ones. */
const pattern = (path: PathDisk, subsystem: number | undefined, isMultipath: boolean): string => {
  if (path.parsed === undefined) {
    const own = parseHeadName(path.name);
    const isNamed = !isMultipath && own !== undefined && own.subsystem === path.controllerInstance;
    return isNamed ? `nvme<C>n${own.instance}` : path.name;
  }
  return (
    `nvme${path.parsed.subsystem === subsystem ? '<S>' : path.parsed.subsystem}` +
    `c${path.parsed.controller === path.controllerInstance ? '<C>' : path.parsed.controller}n${path.parsed.instance}`
  );
};

/** The path disk of each attached controller. */
export const guestPaths = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const value: Record<string, Json> = {};
  for (const path of await findPaths(world)) {
    const subsystemDir = await findSubsystem(world, path.label);
    const subsystem = subsystemDir === undefined ? undefined : Number(/\d+$/.exec(subsystemDir)?.[0]);
    value[path.label] = {
      name: pattern(path, subsystem, world.topology.multipath !== false),
      hidden: (await attributeOf(world.port, `${path.dir}/hidden`)) === '1',
      sizeMiB: sizeMiBOf(await attributeOf(world.port, `${path.dir}/size`)),
      ana: (await world.port.call('file.stat', { path: `${path.dir}/ana_state` })).kind !== 'absent',
    };
  }
  return value;
};
