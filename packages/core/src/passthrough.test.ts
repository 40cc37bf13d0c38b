// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_UID_NAA,
  E,
  settle,
  srcu_readers,
  type block_device,
  type block_device_operations,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { makeLiveHead, onlyPath, runAlone, usable, type toy_path } from './testing/toy-driver.js';
import type { mpath_head } from './v3/structures.js';

/** What is called with the head's disk. */
type Call = (disk: gendisk) => Steps<number>;

const none = (what: string): never => {
  throw new Error(`no ${what}`);
};

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

/** What each gives where the path's disk has no such method. */
const missing: Readonly<Record<string, number>> = { getgeo: -E.ENOTTY, get_unique_id: 0 };

const names = Object.keys(calls);

/** A method of the path's disk that notes what it was called with. */
const noting = (name: string, seen: unknown[], head: () => mpath_head) =>
  function* (on: block_device | gendisk, ...rest: unknown[]): Steps<number> {
    const disk = 'bd_disk' in on ? on.bd_disk : on;
    seen.push([name, disk.disk_name, rest.length, srcu_readers(head().srcu).length > 0]);
    return 5;
  };

/** Calls one method of the head's disk. */
const calling = (name: string, has: boolean, prepare: (path: toy_path, head: mpath_head) => void = () => undefined) => {
  const seen: unknown[] = [];
  const { value } = runAlone(function* () {
    const { head, disk, paths } = yield* makeLiveHead([usable]);
    yield* settle();
    const path = onlyPath(paths);
    const method = noting(name, seen, () => head);
    const added: block_device_operations = name.startsWith('pr_') ? { pr_ops: { [name]: method } } : { [name]: method };
    if (path.disk !== null && has) path.disk.fops = { ...path.disk.fops, ...added };
    prepare(path, head);
    return yield* (calls[name] ?? none(name))(disk);
  });
  return { value, seen };
};

describe('the methods of the head’s disk', () => {
  it.each(names)('%s is the path’s, on its whole disk and inside the SRCU section', (name) => {
    const { value, seen } = calling(name, true);
    expect(value).toBe(5);
    expect(seen).toEqual([[name, 'path0', expect.any(Number), true]]);
  });

  it.each(names)('%s says what is missing when the path’s disk has none', (name) => {
    expect(calling(name, false)).toEqual({ value: missing[name] ?? -E.EOPNOTSUPP, seen: [] });
  });

  it.each(names)('%s gives -EWOULDBLOCK without a path', (name) => {
    const gone = (path: toy_path, head: mpath_head): void => {
      path.disabled = true;
      head.current_path[0] = null;
    };
    expect(calling(name, true, gone)).toEqual({ value: -E.EWOULDBLOCK, seen: [] });
  });

  it('takes the head of a reservation from the device that was given: of a partition there is none', () => {
    expect(() =>
      calling('pr_clear', true, (path, head) => {
        path.disabled = false;
        if (head.disk !== null) head.disk.device.driver_data = null;
      }),
    ).toThrow(/kernel NULL pointer dereference/);
  });
});
