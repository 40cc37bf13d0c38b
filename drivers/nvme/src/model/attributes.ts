// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  errno_name,
  load,
  sysfs_read,
  sysfs_write,
  type Json,
  type kobject,
  type Steps,
} from '@libmultipath/driver-kit';
import type { AttributePlace, TryWriteArgs, ValuesArgs } from '../vocabulary/place-args.js';
import { firstNsid } from '../topology.js';
import { findHead, findPaths, findSubsystem, look } from './disks.js';
import { feedLoads } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/** The directory in sysfs, or undefined: there is none now. */
function* attributeDir(world: NvmeModelWorld, of: AttributePlace): Steps<kobject | undefined> {
  switch (of.kind) {
    case 'head':
      return findHead(world, of.nsid, of.label)?.device.kobj;
    case 'module':
      return world.core.parameters;
    case 'subsystem':
      return findSubsystem(world, of.label)?.dev.kobj;
    case 'path':
      return findPaths(world).find(
        ({ label, ns }) => label === of.label && ns.media.nsid === (of.nsid ?? firstNsid(world.topology, of.label)),
      )?.ns.disk.device.kobj;
    case 'controller': {
      const ctrl = yield* load(slotOf(world, of.label), 'drvdata');
      return ctrl?.device.kobj.state_in_sysfs === true ? ctrl.device.kobj : undefined;
    }
  }
}

/** What says that there is no such attribute, or none any more. */
const GONE: readonly number[] = [-E.ENOENT, -E.ENODEV, -E.ENXIO];

export function* modelValues(world: NvmeModelWorld, { of, attributes }: ValuesArgs): Steps<Json> {
  yield* look();
  const kobj = yield* attributeDir(world, of);
  if (kobj === undefined) return null;
  const values: Record<string, Json> = {};
  for (const name of attributes) {
    const text = yield* sysfs_read(kobj, name);
    if (typeof text === 'string') values[name] = text;
    else values[name] = GONE.includes(text) ? null : { errno: errno_name(text) };
  }
  return values;
}

export function* modelTryWrite(world: NvmeModelWorld, args: TryWriteArgs): Steps<void> {
  yield* look();
  const kobj = yield* attributeDir(world, args.of);
  yield* feedLoads(world);
  const result = kobj === undefined ? -E.ENOENT : yield* sysfs_write(kobj, args.attribute, args.value);
  world.session.tries.set(args.as, result < 0 ? errno_name(result) : 'ok');
}
