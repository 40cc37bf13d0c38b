// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryPort, BatteryTopology } from '@libmultipath/contract';
import {
  libFixed,
  MPATH_STATE_NONOPTIMIZED,
  MPATH_STATE_OPTIMIZED,
  libV1,
  libV2,
  libV3,
  libWith,
} from '@libmultipath/core';
import {
  currentMachine,
  delete_module,
  E,
  kblockd,
  kref_get_unless_zero,
  load,
  mutex_lock,
  mutex_unlock,
  NUMA_NO_NODE,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { plain_put_head } from './head.js';
import type { PlainLibrary } from './library.js';
import { plainOnV1 } from './library-v1.js';
import { plainOnV2 } from './library-v2.js';
import { plainOnV3 } from './library-v3.js';
import { path_of } from './path-state.js';
import {
  plain_add_path,
  plain_fail_probe,
  plain_remove_path,
  plain_set_access,
  plain_set_sectors,
  plain_set_usable,
  slot_of,
} from './paths.js';
import { PLAIN_PATH_DEAD, PLAIN_PATH_READY, plain_bio, plain_core, plain_slot, type plain_head } from './structures.js';

/** The plain driver's topology is the battery's. */
export type PlainTopology = BatteryTopology;

/** Its model world: the driver's static data, and every head that it made. */
export interface PlainWorld {
  readonly core: plain_core;
  readonly made: () => readonly plain_head[];
}

/** The library of a revision, as the plain driver uses it; `v3+NAME` has the remedy NAME. */
export const plainLibrary = (revision: string): PlainLibrary => {
  if (revision === 'v1') return plainOnV1(libV1);
  if (revision === 'v2') return plainOnV2(libV2);
  if (revision === 'v3') return plainOnV3(libV3);
  if (revision === 'fixed') return plainOnV3(libFixed);
  return plainOnV3(libWith(revision.split('+').slice(1)));
};

/** Builds the initial state on the current machine: every place empty. */
export const makePlainWorld = (lib: PlainLibrary, shape: PlainTopology): PlainWorld => {
  lib.init();
  kblockd();
  const slots = Array.from(
    { length: shape.paths },
    (_, index) => new plain_slot(index, shape.pathNodes[index] ?? NUMA_NO_NODE),
  );
  const core = new plain_core(lib, slots, shape.sectors, shape.shared, new Set(shape.without));
  currentMachine().globals.set('plain_core', core);
  return { core, made: () => core.made };
};

/** The present head with a reference, or null. */
function* present_head(core: plain_core): Steps<plain_head | null> {
  yield* mutex_lock(core.lock);
  const head = yield* load(core, 'head');
  const held = head !== null && (yield* kref_get_unless_zero(head.ref));
  yield* mutex_unlock(core.lock);
  return held ? head : null;
}

function* on_head(core: plain_core, body: (head: plain_head) => Steps<unknown>): Steps<number> {
  const head = yield* present_head(core);
  if (head === null) return -E.ENOENT;
  yield* body(head);
  yield* plain_put_head(head);
  return 0;
}

const live = (objects: readonly KObject[]): KObject[] => objects.filter(({ alloc }) => !alloc.freed);

export const plainPort: BatteryPort<PlainTopology, PlainWorld> = {
  topology: (shape) => shape,
  // Its model reads `without` off the topology.
  variant: (profile) => profile,
  addPath: ({ core }, path) => plain_add_path(core, path),
  removePath: ({ core }, path) => plain_remove_path(core, path),
  failProbe: ({ core }, path) => plain_fail_probe(core, path),
  setUsable: ({ core }, path, usable) => plain_set_usable(core, path, usable),
  // Nothing here is preferred to anything.
  setAccess: ({ core }, path, access) =>
    plain_set_access(core, path, access === 'non-optimized' ? MPATH_STATE_NONOPTIMIZED : MPATH_STATE_OPTIMIZED),
  *failNext({ core }, path, error) {
    slot_of(core, path).errors.push(error);
  },
  *setPolicy({ core }, policy) {
    const error = yield* core.lib.store_policy(core, policy);
    if (error !== 0) return error;
    // The library leaves it to the driver to forget what was cached under the old policy.
    return yield* on_head(core, function* (head): Steps<void> {
      yield* core.lib.clear_paths(head);
      yield* core.lib.kick(head);
    });
  },
  setDelayedRemoval: ({ core }, seconds) => on_head(core, (head) => core.lib.store_delay(head, seconds)),
  setCapacity: ({ core }, sectors) => plain_set_sectors(core, sectors),
  unloadModule: ({ core }) =>
    delete_module(core.this_module, function* () {
      for (const { index } of core.slots) yield* plain_remove_path(core, index);
    }),
  diskIoctl: { cmd: 0x4e40, arg: 0 },
  cdevIoctl: { cmd: 0x4e40, arg: 0 },
  newBio: (fields, data) => {
    const what = new plain_bio(fields);
    what.data = data;
    return what;
  },
  dataOf: (what) => (what instanceof plain_bio ? what.data : ''),
  heads: ({ made }) =>
    made().flatMap(({ handle, alloc }) =>
      handle === null || alloc.freed || handle.head.alloc.freed ? [] : [handle.view()],
    ),
  isUsable: (_world, dev) => {
    const { flags } = path_of(dev);
    return (flags & (1 << PLAIN_PATH_READY)) !== 0 && (flags & (1 << PLAIN_PATH_DEAD)) === 0;
  },
  remains: ({ core, made }) => live([...made().flatMap(({ handle }) => handle?.memory ?? []), ...core.paths]),
};
