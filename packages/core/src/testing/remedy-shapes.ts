// SPDX-License-Identifier: GPL-2.0-only
import { delete_module, in_module, kfree, kfn, module, settle, virtualTime, type Steps } from '@libmultipath/kernel';
import type { LibV3 } from '../v3/make-v3.js';
import type { mpath_head } from '../v3/structures.js';
import { everySchedule, parksLate, runWith } from './schedules.js';
import { toyOn, toyTemplate, usable } from './toy-driver.js';

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

/** For each remedy, the smallest shape that goes wrong without it. */
export const remedyShapes: Readonly<
  Record<string, { readonly shape: (lib: LibV3) => Findings; readonly finds: string }>
> = {
  'init-sets-module': { shape: forgottenModule, finds: 'module' },
  'uninit-waits-for-completion': { shape: closeAgainstUninit, finds: 'use-after-free' },
  'rearming-puts-module': { shape: twoRemovers, finds: 'leak' },
  'remove-kicks-after-grace-period': { shape: removeAgainstPartitionScan, finds: 'deadlock' },
};
