// SPDX-License-Identifier: GPL-2.0-only
import { load, settle, store, submit_bio, type Machine, type Property, type Task } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { byPriority, byRank, parksLate, runWith } from '../testing/schedules.js';
import { makeLiveHead, newBio, onlyPath, toy_path, toyTemplate, usable } from '../testing/toy-driver.js';
import { libV3 } from '../v3/make-v3.js';
import type { mpath_head } from '../v3/structures.js';
import type { mpath_head_template } from '../v3/template.js';
import { cachedPathsAreListed } from './cached-paths.js';
import { removedPathsAreNotChosen } from './chosen-paths.js';
import { viewOfHead } from './head-view.js';
import { nothingParkedForEver, type HeadsOf } from './parked-bios.js';
import { chosenInRemoval } from './removal-watch.js';

const SEEDS = 300;

/** What the property says of the ends of many schedules, the first of them one in which a bio is parked late. */
const verdicts = (
  property: (of: HeadsOf) => Property,
  body: (machine: Machine, heads: mpath_head[]) => void,
): Set<string> => {
  const found = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const heads: mpath_head[] = [];
    const { machine } = runWith(
      (made) => {
        body(made, heads);
      },
      seed === 0 ? parksLate() : byPriority(seed, 60),
    );
    const toys: HeadsOf = {
      heads: () => heads.map((head) => viewOfHead(head, head.disk)),
      isUsable: (_machine, dev) => dev instanceof toy_path && !dev.disabled,
    };
    const wrong = property(toys).check(machine);
    found.add(typeof wrong === 'string' ? wrong : 'holds');
  }
  return found;
};

/** A bio is on its way while the disk goes; the driver may or may not put it. */
const removal =
  (puts: boolean) =>
  (machine: Machine, heads: mpath_head[]): void => {
    machine.spawn('driver', function* () {
      const { head, disk } = yield* makeLiveHead([{ ...usable, disabled: true }]);
      heads.push(head);
      yield* settle();
      machine.spawn('submitter', () => submit_bio(newBio(disk, [])));
      yield* libV3.mpath_remove_disk(head);
      if (puts) yield* libV3.mpath_put_disk(head);
    });
  };

describe('nothingParkedForEver', () => {
  it('finds the bio that is parked after the last kick of a disk that is removed and not put', () => {
    expect([...verdicts(nothingParkedForEver, removal(false))]).toContain(
      'lost I/O: 1 bio parked on mpath_head#1 while its disk is dead, and nobody is left to kick',
    );
  });

  it('finds nothing when the disk is put', () => {
    expect([...verdicts(nothingParkedForEver, removal(true))]).toEqual(['holds']);
  });

  it('tells a usable path that nobody kicked for, and lets a bio wait that no path would take', () => {
    const parked =
      (comesBack: boolean) =>
      (machine: Machine, heads: mpath_head[]): void => {
        machine.spawn('driver', function* () {
          const { head, disk, paths } = yield* makeLiveHead([{ ...usable, disabled: true }]);
          heads.push(head);
          yield* settle();
          yield* submit_bio(newBio(disk, []));
          yield* settle();
          if (comesBack) onlyPath(paths).disabled = false;
        });
      };
    expect([...verdicts(nothingParkedForEver, parked(true))]).toEqual([
      expect.stringMatching(/^lost I\/O: 2 bios parked on mpath_head#1 while toy_path#1 is usable/),
    ]);
    expect([...verdicts(nothingParkedForEver, parked(false))]).toEqual(['holds']);
  });
});

describe('cachedPathsAreListed', () => {
  const leaving =
    (clears: boolean) =>
    (machine: Machine, heads: mpath_head[]): void => {
      machine.spawn('driver', function* () {
        const { head, disk, paths } = yield* makeLiveHead([usable]);
        heads.push(head);
        const path = onlyPath(paths);
        machine.spawn('submitter', () => submit_bio(newBio(disk, [])));
        path.disabled = true;
        yield* libV3.mpath_synchronize(head);
        if (clears && (yield* libV3.mpath_clear_current_path(path))) yield* libV3.mpath_synchronize(head);
        yield* libV3.mpath_delete_device(path);
      });
    };

  it('finds a path that was unlinked while it was cached, and none after the whole protocol', () => {
    expect([...verdicts(cachedPathsAreListed, leaving(false))]).toContain(
      'mpath_head#1.current_path[0] is toy_path#1, which is off the list',
    );
    expect([...verdicts(cachedPathsAreListed, leaving(true))]).toEqual(['holds']);
  });
});

describe('removedPathsAreNotChosen', () => {
  /** A cached path is asked whether it is optimized, and not whether it is disabled, as NVMe answers. */
  const asNvme: mpath_head_template = {
    ...toyTemplate,
    *is_optimized(dev) {
      return (yield* load(dev, 'access_state')) === 0;
    },
  };

  /** A path leaves, and a bio is submitted whose every step comes when `rank` says. */
  const leaving = (disables: boolean, rank: (task: Task) => number): { wrong: unknown; tolerated: number } => {
    const { machine } = runWith((made) => {
      made.spawn('driver', function* () {
        const { head, disk, paths } = yield* makeLiveHead([usable, usable], 0, asNvme);
        yield* settle();
        const path = paths.find((one) => one === head.current_path[0]);
        if (path === undefined) throw new Error('nothing is cached');
        if (disables) yield* store(path, 'disabled', true);
        yield* libV3.mpath_synchronize(head);
        made.spawn('submitter', () => submit_bio(newBio(disk, [])));
        if (yield* libV3.mpath_clear_current_path(path)) yield* libV3.mpath_synchronize(head);
        yield* libV3.mpath_delete_device(path);
      });
    }, byRank(rank));
    return { wrong: removedPathsAreNotChosen.check(machine), tolerated: chosenInRemoval(machine).tolerated.length };
  };

  const asTheListIsLeft = ({ name, pending }: Task): number => {
    if (pending?.op === 'list_del_rcu') return 2;
    return name === 'submitter' ? 1 : 0;
  };

  const acrossTheClear = ({ name, pending }: Task): number => {
    if (name !== 'submitter') return 1;
    return pending?.field === 'access_state' ? 2 : 0;
  };

  it('finds a path that was never disabled, chosen again after it was cleared', () => {
    expect(leaving(false, asTheListIsLeft).wrong).toBe(
      'a path is chosen after its removal had cleared it and waited: submitter chose toy_path#1 in a read section that began then',
    );
  });

  it('finds nothing where the whole protocol is kept, and lets an earlier section choose the path', () => {
    expect(leaving(true, asTheListIsLeft)).toEqual({ wrong: undefined, tolerated: 0 });
    expect(leaving(true, acrossTheClear)).toEqual({ wrong: undefined, tolerated: 1 });
  });
});
