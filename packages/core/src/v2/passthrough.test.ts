// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_UID_NAA,
  blkdev_ioctl,
  compat_blkdev_ioctl,
  E,
  KObject,
  srcu_readers,
  type block_device_operations,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runAlone } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeOnePathHead, toyTemplate } from './testing/toy-driver.js';
import type { mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const none = (what: string): never => {
  throw new Error(`no ${what}`);
};

const isInside = (head: mpath_head): boolean => srcu_readers(head.srcu).length > 0;

type Call = (disk: gendisk) => Steps<number>;

const calls: Readonly<Record<string, Call>> = {
  pr_register: ({ fops, part0 }) => fops.pr_ops?.pr_register?.(part0, 1, 2, 3) ?? none('pr_register'),
  pr_reserve: ({ fops, part0 }) => fops.pr_ops?.pr_reserve?.(part0, 1, 2, 3) ?? none('pr_reserve'),
  pr_release: ({ fops, part0 }) => fops.pr_ops?.pr_release?.(part0, 1, 2) ?? none('pr_release'),
  pr_preempt: ({ fops, part0 }) => fops.pr_ops?.pr_preempt?.(part0, 1, 2, 3, true) ?? none('pr_preempt'),
  pr_clear: ({ fops, part0 }) => fops.pr_ops?.pr_clear?.(part0, 1) ?? none('pr_clear'),
  pr_read_keys: ({ fops, part0 }) =>
    fops.pr_ops?.pr_read_keys?.(part0, { generation: 0, num_keys: 0, keys: [] }) ?? none('pr_read_keys'),
  pr_read_reservation: ({ fops, part0 }) =>
    fops.pr_ops?.pr_read_reservation?.(part0, { key: 0, generation: 0, type: 0 }) ?? none('pr_read_reservation'),
  report_zones: (disk) =>
    disk.fops.report_zones?.(disk, 8, 2, {
      *cb() {
        return 0;
      },
    }) ?? none('report_zones'),
  getgeo: (disk) => disk.fops.getgeo?.(disk, { heads: 0, sectors: 0, cylinders: 0, start: 0 }) ?? none('getgeo'),
  get_unique_id: (disk) => disk.fops.get_unique_id?.(disk, [], BLK_UID_NAA) ?? none('get_unique_id'),
};

const names = Object.keys(calls);

/** What each gives where the path's disk has no such method. */
const missing: Readonly<Record<string, number>> = { getgeo: -E.ENOTTY, get_unique_id: 0 };

const calling = (name: string, has: boolean, hasPath = true): { value: number; seen: boolean[] } => {
  const seen: boolean[] = [];
  const { value } = runAlone(function* () {
    const { head, disk, path } = yield* makeOnePathHead();
    const method = function* (): Steps<number> {
      seen.push(isInside(head));
      return 5;
    };
    const added: block_device_operations = name.startsWith('pr_') ? { pr_ops: { [name]: method } } : { [name]: method };
    if (path.disk !== null && has) path.disk.fops = { ...path.disk.fops, ...added };
    path.disabled = !hasPath;
    if (!hasPath) yield* libV2.mpath_clear_paths(head);
    return yield* (calls[name] ?? none(name))(disk);
  });
  return { value, seen };
};

describe('the methods of the head’s disk in v2', () => {
  it.each(names)('%s is the path’s; or what is missing; or -EWOULDBLOCK', (name) => {
    expect(calling(name, true)).toEqual({ value: 5, seen: [true] });
    expect(calling(name, false)).toEqual({ value: missing[name] ?? -E.EOPNOTSUPP, seen: [] });
    expect(calling(name, true, false)).toEqual({ value: -E.EWOULDBLOCK, seen: [] });
  });
});

class controller extends KObject {}

describe('mpath_bdev_ioctl of v2', () => {
  it.each([false, true])(
    'is the path’s, outside the SRCU section when the driver holds on to something (%s)',
    (holds) => {
      const order: string[] = [];
      const { value, machine } = runAlone(function* () {
        const heads: mpath_head[] = [];
        const note = (call: string): void => {
          order.push(`${call} ${heads.some(isInside) ? 'inside' : 'outside'}`);
        };
        const opaque = holds ? new controller() : null;
        const template: mpath_head_template = {
          ...toyTemplate,
          *ioctl_begin(): Steps<KObject | null> {
            note('begin');
            return opaque;
          },
          *ioctl_finish(): Steps<void> {
            note('finish');
          },
        };
        const { head, disk, path } = yield* makeOnePathHead(template);
        heads.push(head);
        if (path.disk === null) return none('disk');
        path.disk.fops = {
          ...path.disk.fops,
          *ioctl(bdev, _mode, cmd): Steps<number> {
            note(`ioctl ${bdev.bd_disk.disk_name} ${String(cmd)}`);
            return 7;
          },
        };
        return [yield* blkdev_ioctl(disk, 42, 'arg'), yield* compat_blkdev_ioctl(disk, 42, 'arg')];
      });
      const once = holds
        ? ['begin inside', 'ioctl path0 42 outside', 'finish outside']
        : ['begin inside', 'ioctl path0 42 inside'];
      expect(value).toEqual([7, 7]);
      expect(order).toEqual([...once, ...once]);
      expect(machine.reports).toEqual([]);
    },
  );

  it('is -EWOULDBLOCK without a path', () => {
    const { value } = runAlone(function* () {
      const { head, disk, path } = yield* makeOnePathHead();
      path.disabled = true;
      yield* libV2.mpath_clear_paths(head);
      return [yield* blkdev_ioctl(disk, 42, 'arg'), isInside(head)];
    });
    expect(value).toEqual([-E.EWOULDBLOCK, false]);
  });
});
