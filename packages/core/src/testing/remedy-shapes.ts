// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  dataRace,
  del_gendisk,
  delete_module,
  in_module,
  kfree,
  kfn,
  module,
  put_disk,
  settle,
  store,
  submit_bio,
  virtualTime,
  type KObject,
  type Steps,
  type TakenStep,
} from '@libmultipath/kernel';
import { MPATH_IOPOLICY_RR, MPATH_STATE_NONOPTIMIZED } from '../constants.js';
import { store_access_state, type LibV3 } from '../v3/make-v3.js';
import type { mpath_device, mpath_head } from '../v3/structures.js';
import { byRank, everySchedule, parksLate, runWith } from './schedules.js';
import { newBio, onlyPath, toyOn, toyTemplate, usable } from './toy-driver.js';

/** Classes of what goes wrong with a library in some schedule of a shape. */
export type Findings = ReadonlySet<string>;

/** A removal is armed, and the module is unloaded by a driver that never said which module it is. */
const forgottenModule = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const { machine } = runWith((made) => {
    const driver = new module('toy');
    const template = {
      ...toyTemplate,
      remove_head: (): Steps<void> => in_module(driver, 'toy_remove_head', settle()),
    };
    function* probe(): Steps<void> {
      const { head } = yield* toyOn(lib).makeHead([], 0, template);
      yield* lib.mpath_delayed_removal_secs_store(head, '1');
      yield* lib.mpath_can_remove_head(head);
    }
    made.spawn('driver', function* () {
      yield* in_module(driver, 'toy_probe', probe());
      yield* delete_module(driver);
    });
  }, virtualTime());
  for (const report of machine.reports) found.add(report.class);
  return found;
};

const uninit_and_free = kfn('toy_release', function* (lib: LibV3, head: mpath_head): Steps<void> {
  yield* lib.mpath_head_uninit(head);
  yield* kfree(head);
});

/** The last close against the driver that waits for it in order to free the head. */
const closeAgainstUninit = (lib: LibV3): Findings => {
  const found = new Set<string>();
  everySchedule(
    (machine) => {
      const head = new lib.mpath_head();
      head.refcount.refs = 2;
      machine.spawn('opener', () => lib.mpath_put_head(head));
      machine.spawn('driver', () => uninit_and_free(lib, head));
    },
    ({ machine, end }) => {
      for (const report of machine.reports) found.add(report.class);
      if (end !== 'finished') found.add('hang');
    },
  );
  return found;
};

/** Two removers, one after the other, of a head whose removal is delayed. */
const twoRemovers = (lib: LibV3): Findings => {
  const found = new Set<string>();
  let driver: module | undefined;
  const { machine } = runWith((made) => {
    const mod = new module('toy');
    driver = mod;
    made.spawn('driver', function* () {
      const { head } = yield* toyOn(lib).makeHead([], 0, { ...toyTemplate, *remove_head() {} });
      head.drv_module = mod;
      yield* lib.mpath_delayed_removal_secs_store(head, '1');
      yield* lib.mpath_can_remove_head(head);
      yield* lib.mpath_can_remove_head(head);
    });
  }, virtualTime());
  for (const report of machine.reports) found.add(report.class);
  if (driver?.refcnt !== 0) found.add('leak');
  return found;
};

/** The disk goes while its partitions are read, no path being usable. */
const removeAgainstPartitionScan = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const { end, machine } = runWith((made) => {
    made.spawn('driver', function* () {
      const { head } = yield* toyOn(lib).makeLiveHead([{ ...usable, disabled: true }]);
      yield* lib.mpath_remove_disk(head);
    });
  }, parksLate());
  if (end === 'stuck') found.add('deadlock');
  for (const report of machine.reports) found.add(report.class);
  return found;
};

/** A bio is about to enter the queue of its path when that path is removed, its disk with it. */
const removalBetweenHeadAndPath = (lib: LibV3): Findings => {
  const found = new Set<string>();
  let queue: KObject | undefined;
  const late = byRank(({ name, pending }) => {
    if (pending?.op === 'bio_queue_enter' && pending.object === queue) return 2;
    return name === 'remover' ? 1 : 0;
  });
  const { machine, end } = runWith((made) => {
    made.spawn('driver', function* () {
      const { head, disk, paths } = yield* toyOn(lib).makeLiveHead();
      yield* settle();
      const path = onlyPath(paths);
      const path_disk = path.disk;
      if (path_disk === null) throw new Error('the path has no disk');
      queue = path_disk.queue;
      made.spawn('submitter', () => submit_bio(newBio(disk, [])));
      made.spawn('remover', function* () {
        yield* store(path, 'disabled', true);
        yield* lib.mpath_synchronize(head);
        yield* unlink(lib, head, path);
        yield* del_gendisk(path_disk);
        yield* put_disk(path_disk);
      });
    });
  }, late);
  for (const report of machine.reports) found.add(report.class);
  if (end !== 'finished') found.add('hang');
  return found;
};

/** The removal protocol of a path that is disabled, after its first grace period up to where its memory may go. */
function* unlink(lib: LibV3, head: mpath_head, path: mpath_device): Steps<void> {
  if (yield* lib.mpath_clear_current_path(path)) yield* lib.mpath_synchronize(head);
  yield* lib.mpath_delete_device(path);
  yield* lib.mpath_synchronize(head);
}

/** The head goes while its delayed removal is armed. */
const freedWhileArmed = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const { machine } = runWith((made) => {
    const mod = new module('toy');
    made.spawn('driver', function* () {
      const { head } = yield* toyOn(lib).makeHead([], 0, { ...toyTemplate, *remove_head() {} });
      head.drv_module = mod;
      yield* lib.mpath_delayed_removal_secs_store(head, '1');
      yield* lib.mpath_can_remove_head(head);
      yield* lib.mpath_remove_disk(head);
      yield* lib.mpath_put_disk(head);
      yield* uninit_and_free(lib, head);
    });
  }, virtualTime());
  for (const report of machine.reports) found.add(report.class);
  return found;
};

/** The time of a delayed removal is over when somebody else has removed the disk, and holds the head still. */
const removedBeforeItsTime = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const { machine } = runWith((made) => {
    made.spawn('driver', function* () {
      const template = {
        ...toyTemplate,
        *remove_head() {
          found.add('removed twice');
        },
      };
      const { head } = yield* toyOn(lib).makeHead([], 0, template);
      yield* lib.mpath_delayed_removal_secs_store(head, '1');
      yield* lib.mpath_can_remove_head(head);
      yield* lib.mpath_remove_disk(head);
    });
  }, virtualTime());
  for (const report of machine.reports) found.add(report.class);
  return found;
};

/** Round-robin has read its cached path when that one leaves, somebody else having cleared the cache. */
const cacheClearedByAnother = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const ended: string[] = [];
  const { machine } = runWith(
    (made) => {
      made.spawn('driver', function* () {
        const { head, disk, paths } = yield* toyOn(lib).makeLiveHead([usable, usable], MPATH_IOPOLICY_RR);
        yield* settle();
        const path = paths.find((one) => one === head.current_path[0]);
        if (path === undefined) throw new Error('nothing is cached');
        path.disabled = true;
        yield* lib.mpath_synchronize(head);
        made.spawn('submitter', () => submit_bio(newBio(disk, ended)));
        yield* lib.mpath_clear_paths(head);
        yield* unlink(lib, head, path);
      });
    },
    byRank(({ name, pending }) => {
      if (pending?.op === 'list_is_singular') return 2;
      return name === 'submitter' ? 0 : 1;
    }),
  );
  for (const report of machine.reports) found.add(report.class);
  if (ended.length === 0) found.add('lost-io');
  return found;
};

/** The head goes while somebody has its disk open who never closes. */
const openForEver = (lib: LibV3): Findings => {
  const found = new Set<string>();
  const { machine, end } = runWith((made) => {
    made.spawn('driver', function* () {
      const { head, disk, paths } = yield* toyOn(lib).makeLiveHead();
      yield* settle();
      yield* bdev_open(disk);
      const path = onlyPath(paths);
      path.disabled = true;
      yield* lib.mpath_synchronize(head);
      yield* unlink(lib, head, path);
      yield* lib.mpath_remove_disk(head);
      yield* lib.mpath_put_disk(head);
      yield* lib.mpath_head_uninit(head, () => kfree(head));
    });
  }, virtualTime());
  for (const report of machine.reports) found.add(report.class);
  if (end === 'stuck') found.add('hang');
  return found;
};

/** Round-robin looks at the state of the paths while a driver stores it. */
const stateStoredUnderReader = (lib: LibV3): Findings => {
  const taken: TakenStep[] = [];
  runWith(
    (made) => {
      made.spawn('driver', function* () {
        const { disk, paths } = yield* toyOn(lib).makeLiveHead([usable, usable], MPATH_IOPOLICY_RR);
        yield* settle();
        for (const path of paths) {
          made.spawn(`writer of ${path.label}`, () => store_access_state(lib, path, MPATH_STATE_NONOPTIMIZED));
        }
        made.spawn('submitter', () => submit_bio(newBio(disk, [])));
      });
    },
    virtualTime(),
    { onEvent: ({ task, step }) => step.field === 'access_state' && taken.push({ task: task.name, step }) },
  );
  const races = taken.flatMap((one) =>
    taken.filter(({ task }) => task !== one.task).map((other) => dataRace(one, other)),
  );
  return new Set(races.some((race) => race !== undefined && race.tolerated === undefined) ? ['data-race'] : []);
};

/** For each remedy, the smallest shape that goes wrong without it. */
export const remedyShapes: Readonly<
  Record<string, { readonly shape: (lib: LibV3) => Findings; readonly finds: string }>
> = {
  'init-sets-module': { shape: forgottenModule, finds: 'module' },
  'uninit-waits-for-completion': { shape: closeAgainstUninit, finds: 'use-after-free' },
  'rearming-puts-module': { shape: twoRemovers, finds: 'leak' },
  'remove-kicks-after-grace-period': { shape: removeAgainstPartitionScan, finds: 'deadlock' },
  'submits-inside-section': { shape: removalBetweenHeadAndPath, finds: 'use-after-free' },
  'put-disk-ends-removal': { shape: freedWhileArmed, finds: 'use-after-free' },
  'remove-head-runs-once': { shape: removedBeforeItsTime, finds: 'removed twice' },
  'clearing-always-waits': { shape: cacheClearedByAnother, finds: 'lost-io' },
  'access-state-is-marked': { shape: stateStoredUnderReader, finds: 'data-race' },
  'last-put-releases-head': { shape: openForEver, finds: 'hang' },
};
