// SPDX-License-Identifier: GPL-2.0-only
import { device, device_add, kfree, type Machine, type Steps } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { mpath_iopolicy } from './constants.js';
import { everySchedule } from './testing/schedules.js';
import { toyTemplate } from './testing/toy-driver.js';
import { libV1 } from './v1/make-v1.js';
import { libV2 } from './v2/make-v2.js';
import { libV3 } from './v3/make-v3.js';

/** What a driver came to, by how far it got. */
type Made = 'no head' | 'no disk' | 'all';

function* parent(): Steps<device> {
  const made = new device('toy');
  yield* device_add(made);
  return made;
}

function* onV1(): Steps<Made> {
  const head = yield* libV1.mpath_alloc_head();
  if (typeof head === 'number') return 'no head';
  const disk = yield* libV1.mpath_alloc_head_disk(0);
  if (disk === null) {
    yield* libV1.mpath_put_head(head);
    return 'no disk';
  }
  disk.mpath_head = head;
  disk.parent = yield* parent();
  yield* libV1.mpath_unregister_disk(disk);
  return 'all';
}

function* onV2(): Steps<Made> {
  const head = yield* libV2.mpath_alloc_head();
  if (typeof head === 'number') return 'no head';
  head.parent = yield* parent();
  head.disk_groups = [];
  // Nothing of it is called.
  head.mpdt = { ...toyTemplate, get_iopolicy: () => never(), get_nr_active: () => never() } as never;
  if ((yield* libV2.mpath_alloc_head_disk(head, 0)) !== 0) {
    yield* libV2.mpath_put_head(head);
    return 'no disk';
  }
  yield* libV2.mpath_put_disk(head);
  yield* libV2.mpath_put_head(head);
  return 'all';
}

function* never(): Steps<number> {
  throw new Error('not called');
}

function* onV3(): Steps<Made> {
  const head = new libV3.mpath_head();
  if ((yield* libV3.mpath_head_init(head)) !== 0) {
    yield* kfree(head);
    return 'no head';
  }
  head.mpdt = toyTemplate;
  head.iopolicy = new mpath_iopolicy();
  head.parent = yield* parent();
  head.disk_groups = [];
  const made = (yield* libV3.mpath_alloc_head_disk(head, 0)) === 0;
  if (made) yield* libV3.mpath_put_disk(head);
  yield* libV3.mpath_head_uninit(head);
  yield* kfree(head);
  return made ? 'all' : 'no disk';
}

it.each([
  ['v1', libV1.mpath_init, onV1, 5],
  ['v2', libV2.mpath_init, onV2, 4],
  ['v3', libV3.mpath_init, onV3, 3],
] as const)('every allocation of %s may fail, and the driver can undo what was made', (_name, init, body, ways) => {
  const ends: string[] = [];
  const make = (machine: Machine): void => {
    init();
    machine.spawn('driver', function* () {
      ends.push(yield* body());
    });
  };
  const schedules = everySchedule(
    make,
    ({ machine, end }) => {
      expect(end).toBe('finished');
      expect(machine.reports).toEqual([]);
    },
    { failable: 'all' },
  );
  expect(schedules).toBeGreaterThanOrEqual(ways);
  expect([...new Set(ends)].sort()).toEqual(['all', 'no disk', 'no head']);
});
