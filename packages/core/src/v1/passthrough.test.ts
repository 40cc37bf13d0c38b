// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_UID_NAA,
  blkdev_ioctl,
  block_device,
  compat_blkdev_ioctl,
  E,
  srcu_readers,
  withoutCapabilities,
  CAP_SYS_RAWIO,
  synchronize_srcu,
  type gendisk,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { runAlone } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { makeOnePathHead, toyTemplate, type toy_path } from './testing/toy-driver.js';
import type { mpath_pr_ops } from './pr-ops.js';
import type { mpath_device, mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const none = (what: string): never => {
  throw new Error(`no ${what}`);
};

const isInside = (head: mpath_head): boolean => srcu_readers(head.srcu).length > 0;

const messagesOf = (machine: Machine): string[] => machine.reports.map(({ message }) => message);

/** What a callback of the template was called with. */
interface Seen {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly inside: boolean;
}

type Call = (disk: gendisk) => Steps<number>;

const pr: Readonly<Record<keyof mpath_pr_ops, Call>> = {
  pr_register: ({ fops, part0 }) => fops.pr_ops?.pr_register?.(part0, 1, 2, 3) ?? none('pr_register'),
  pr_reserve: ({ fops, part0 }) => fops.pr_ops?.pr_reserve?.(part0, 1, 2, 3) ?? none('pr_reserve'),
  pr_release: ({ fops, part0 }) => fops.pr_ops?.pr_release?.(part0, 1, 2) ?? none('pr_release'),
  pr_preempt: ({ fops, part0 }) => fops.pr_ops?.pr_preempt?.(part0, 1, 2, 3, true) ?? none('pr_preempt'),
  pr_clear: ({ fops, part0 }) => fops.pr_ops?.pr_clear?.(part0, 1) ?? none('pr_clear'),
  pr_read_keys: ({ fops, part0 }) =>
    fops.pr_ops?.pr_read_keys?.(part0, { generation: 0, num_keys: 0, keys: [] }) ?? none('pr_read_keys'),
  pr_read_reservation: ({ fops, part0 }) =>
    fops.pr_ops?.pr_read_reservation?.(part0, { key: 0, generation: 0, type: 0 }) ?? none('pr_read_reservation'),
};

/** Arguments after the path. */
const prArgs: Readonly<Record<keyof mpath_pr_ops, readonly unknown[]>> = {
  pr_register: [1, 2, 3],
  pr_reserve: [1, 2, 3],
  pr_release: [1, 2],
  pr_preempt: [1, 2, 3, true],
  pr_clear: [1],
  pr_read_keys: [{ generation: 0, num_keys: 0, keys: [] }],
  pr_read_reservation: [{ key: 0, generation: 0, type: 0 }],
};

// The keys of a record of every operation are the operations.
const prNames = Object.keys(pr) as (keyof mpath_pr_ops)[];

const zones: Call = (disk) =>
  disk.fops.report_zones?.(disk, 8, 2, {
    *cb() {
      return 0;
    },
  }) ?? none('report_zones');
const geometry: Call = (disk) =>
  disk.fops.getgeo?.(disk, { heads: 0, sectors: 0, cylinders: 0, start: 0 }) ?? none('getgeo');
const uniqueId: Call = (disk) => disk.fops.get_unique_id?.(disk, [], BLK_UID_NAA) ?? none('get_unique_id');

/** Calls a method of the disk of a live head; `make` makes the template from what notes a call. */
const calling = (
  call: Call,
  make: (note: (name: string, ...args: unknown[]) => Steps<number>) => Partial<mpath_head_template>,
  prepare: (path: toy_path, head: mpath_head) => Steps<void> = function* () {},
): { value: number | undefined; seen: Seen[]; messages: string[]; path: mpath_device | undefined } => {
  const seen: Seen[] = [];
  const made: { head?: mpath_head; path?: mpath_device; value?: number } = {};
  const note = function* (name: string, ...args: unknown[]): Steps<number> {
    seen.push({ name, args, inside: made.head !== undefined && isInside(made.head) });
    return 5;
  };
  const { machine } = runWith(
    (started) => {
      started.spawn('test', function* () {
        const { head, gendisk, path } = yield* makeOnePathHead({ ...toyTemplate, ...make(note) });
        made.head = head;
        made.path = path;
        yield* prepare(path, head);
        made.value = yield* call(gendisk);
      });
    },
    { ...seeded(1), branch: () => 0 },
  );
  return { value: made.value, seen, messages: messagesOf(machine), path: made.path };
};

const without = function* (path: toy_path, head: mpath_head): Steps<void> {
  path.disabled = true;
  yield* libV1.mpath_clear_paths(head);
};

describe('persistent reservations of v1', () => {
  it.each(prNames)('%s goes to the driver with a path, inside the SRCU section', (name) => {
    const { value, seen, path, messages } = calling(pr[name], (note) => ({
      pr_ops: { [name]: (...args: unknown[]) => note(name, ...args) },
    }));
    expect(value).toBe(5);
    expect(seen).toEqual([{ name, args: [path, ...prArgs[name]], inside: true }]);
    expect(messages).toEqual([]);
  });

  it.each(prNames)('%s is -EWOULDBLOCK without a path, whatever the driver has', (name) => {
    expect(calling(pr[name], () => ({}), without)).toMatchObject({ value: -E.EWOULDBLOCK, seen: [], messages: [] });
  });

  it.each(prNames)('%s does not look whether the driver has it, or any', (name) => {
    expect(calling(pr[name], () => ({ pr_ops: {} })).messages).toEqual([
      `BUG: kernel NULL pointer dereference: mpath_pr_ops.${name}`,
    ]);
    expect(calling(pr[name], () => ({})).messages).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_head_template.pr_ops',
    ]);
  });

  it('of a partition find no disk', () => {
    const onPartition: Call = ({ fops, part0 }) => {
      const partition = new block_device(part0.bd_disk, 1);
      return fops.pr_ops?.pr_clear?.(partition, 1) ?? none('pr_clear');
    };
    expect(calling(onPartition, () => ({})).messages).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_disk.mpath_head',
    ]);
  });
});

describe('mpath_bdev_report_zones of v1', () => {
  it('is the driver’s, with a path; looked for before a path is', () => {
    const { value, seen, path } = calling(zones, (note) => ({ report_zones: (...args) => note('zones', ...args) }));
    expect(value).toBe(5);
    expect(seen).toEqual([{ name: 'zones', args: [path, 8, 2, expect.anything()], inside: true }]);
    expect(calling(zones, () => ({}), without).value).toBe(-E.EOPNOTSUPP);
    expect(calling(zones, (note) => ({ report_zones: () => note('zones') }), without).value).toBe(-E.EWOULDBLOCK);
  });
});

describe('mpath_bdev_get_unique_id of v1', () => {
  it('is the driver’s, with a path, and not looked for', () => {
    const { value, seen, path } = calling(uniqueId, (note) => ({ get_unique_id: (...args) => note('id', ...args) }));
    expect(value).toBe(5);
    expect(seen).toEqual([{ name: 'id', args: [path, [], BLK_UID_NAA], inside: true }]);
    expect(calling(uniqueId, () => ({}), without).value).toBe(-E.EWOULDBLOCK);
    expect(calling(uniqueId, () => ({})).messages).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_head_template.get_unique_id',
    ]);
  });
});

describe('mpath_bdev_getgeo of v1', () => {
  it('is that of the path’s disk, and not looked for', () => {
    const seen: unknown[] = [];
    const give = function* (path: toy_path): Steps<void> {
      if (path.disk === null) return none('disk');
      path.disk.fops = {
        ...path.disk.fops,
        *getgeo({ disk_name }): Steps<number> {
          seen.push(disk_name);
          return 9;
        },
      };
    };
    expect(calling(geometry, () => ({}), give).value).toBe(9);
    expect(seen).toEqual(['path0']);
    expect(calling(geometry, () => ({}), without).value).toBe(-E.EWOULDBLOCK);
    expect(calling(geometry, () => ({})).messages).toEqual([
      'BUG: kernel NULL pointer dereference: block_device_operations.getgeo',
    ]);
  });
});

describe('mpath_bdev_ioctl of v1', () => {
  const unlocking = (calls: unknown[][], unlock = true): mpath_head_template => ({
    ...toyTemplate,
    *bdev_ioctl(bdev, dev, mode, cmd, arg, srcu_idx): Steps<number> {
      const head = libV1.mpath_gendisk_to_disk(bdev.bd_disk)?.mpath_head ?? none('head');
      const inside = isInside(head);
      if (unlock) yield* libV1.mpath_head_read_unlock(head, srcu_idx);
      calls.push([bdev.bd_disk.disk_name, dev.disk?.disk_name, mode, cmd, arg, inside, isInside(head)]);
      return 7;
    },
  });

  it('gives the driver the opened device, the path, and the section that it has to leave', () => {
    const calls: unknown[][] = [];
    const { value, machine } = runAlone(function* () {
      const { gendisk } = yield* makeOnePathHead(unlocking(calls));
      return [yield* blkdev_ioctl(gendisk, 42, 'arg'), yield* compat_blkdev_ioctl(gendisk, 43, 'arg')];
    });
    expect(value).toEqual([7, 7]);
    expect(calls).toEqual([
      ['toy0', 'path0', 3, 42, 'arg', true, false],
      ['toy0', 'path0', 3, 43, 'arg', true, false],
    ]);
    expect(messagesOf(machine)).toEqual([]);
  });

  it('warns of a driver that stays inside; the next grace period then never ends', () => {
    const { end, machine } = runWith((started) => {
      started.spawn('test', function* () {
        const { head, gendisk } = yield* makeOnePathHead(unlocking([], false));
        yield* blkdev_ioctl(gendisk, 42, 'arg');
        started.spawn('driver', () => synchronize_srcu(head.srcu));
      });
    }, seeded(1));
    expect(messagesOf(machine)).toEqual(['WARNING: mpath_bdev_ioctl: lockdep_assert_not_held(&mpath_head->srcu)']);
    expect(end).toBe('stuck');
  });

  it('is -EWOULDBLOCK without a path, and leaves the section itself', () => {
    const calls: unknown[][] = [];
    const { value } = runAlone(function* () {
      const { head, gendisk, path } = yield* makeOnePathHead(unlocking(calls));
      yield* without(path, head);
      return [yield* blkdev_ioctl(gendisk, 42, 'arg'), isInside(head)];
    });
    expect(value).toEqual([-E.EWOULDBLOCK, false]);
    expect(calls).toEqual([]);
  });

  it('does not look whether the driver has it', () => {
    const { machine } = runWith((started) => {
      started.spawn('test', function* () {
        const { gendisk } = yield* makeOnePathHead();
        yield* blkdev_ioctl(gendisk, 42, 'arg');
      });
    }, seeded(1));
    expect(messagesOf(machine)).toEqual(['BUG: kernel NULL pointer dereference: mpath_head_template.bdev_ioctl']);
  });

  it.each([
    ['may do raw I/O', [], true, 7],
    ['may not', [CAP_SYS_RAWIO], true, -E.ENOIOCTLCMD],
    ['may not, and there is no path', [CAP_SYS_RAWIO], false, -E.EWOULDBLOCK],
  ] as const)('of a partition by one who %s', (_who, dropped, hasPath, result) => {
    const results: number[] = [];
    runWith(
      (started) => {
        started.spawn(
          'user',
          function* () {
            const { head, gendisk, path } = yield* makeOnePathHead(unlocking([]));
            if (!hasPath) yield* without(path, head);
            const partition = new block_device(gendisk, 1);
            results.push(yield* gendisk.fops.ioctl?.(partition, 1, 42, 'arg') ?? none('ioctl'));
            expect(isInside(head)).toBe(false);
          },
          { capabilities: withoutCapabilities(...dropped) },
        );
      },
      { ...seeded(1), branch: () => 0 },
    );
    expect(results).toEqual([result]);
  });
});
