// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  bio_list_get,
  blk_alloc_disk,
  device_add_disk,
  errno_name,
  GENHD_FL_NO_PART,
  get_capacity,
  kfn,
  NUMA_NO_NODE,
  set_capacity,
  type Steps,
} from '@libmultipath/kernel';
import { errors } from './errors.js';
import { dm_submit_bio, process_queued_bios } from './map.js';
import { locked, lockedThen } from './locked.js';
import { block_io, mapped_device, unblock_io, wait_for_io } from './mapped-device.js';
import { multipath, pgpath, priority_group, type DmPath, type MultipathOptions } from './multipath.js';
import { disable_nopath_timeout, enable_nopath_timeout, has_no_path } from './no-path-timeout.js';
import { queue_if_no_path, queue_if_no_path_timeout_work } from './paths.js';

/** Priority groups of a table, in the order in which they are tried, each with its paths. */
export type DmGroups = readonly (readonly DmPath[])[];

/** Kernel: dm_get_device(): the table holds the disk open, so it outlives its own removal. Errors: LMP-290. */
function* dm_get_device({ name }: mapped_device, { disk }: DmPath): Steps<void> {
  const error = yield* bdev_open(disk);
  if (error === 0) return;
  throw errors.fail('LMP-290', {
    message: `the table ${name} cannot open ${disk.disk_name}: ${errno_name(error)}`,
    todo: 'make the table of disks that are there',
  });
}

/** Kernel: multipath_dtr(), dm_put_device(). */
function* multipath_dtr(m: multipath): Steps<void> {
  yield* disable_nopath_timeout(m);
  for (const { pgpaths } of m.priority_groups) for (const { disk } of pgpaths) yield* bdev_release(disk);
}

/** Kernel: multipath_ctr(), 6.12. */
function* multipath_ctr(md: mapped_device, options: MultipathOptions, groups: DmGroups): Steps<multipath> {
  const m = new multipath(md, options, { process: process_queued_bios, timeout: queue_if_no_path_timeout_work });
  for (const [n, paths] of groups.entries()) {
    const pg = new priority_group(m, n + 1);
    m.priority_groups.push(pg);
    for (const path of paths) {
      yield* dm_get_device(md, path);
      const made = new pgpath(pg, path);
      pg.pgpaths.push(made);
      pg.valid_paths.push(made);
      m.nr_valid_paths++;
    }
  }
  yield* lockedThen(
    'multipath_ctr',
    m,
    () => has_no_path(m),
    () => enable_nopath_timeout(m),
  );
  return m;
}

/**
 * `dmsetup create` of a table with one multipath target: a round-robin selector in each group, bio based.
 * The disk has the size of the first path.
 * Context: may sleep.
 */
export const dm_create = kfn(
  'dm_create',
  function* (options: MultipathOptions & { readonly name: string }, groups: DmGroups): Steps<mapped_device> {
    const disk = yield* blk_alloc_disk(NUMA_NO_NODE);
    disk.disk_name = options.name;
    disk.flags |= GENHD_FL_NO_PART;
    const md = new mapped_device(options.name, disk);
    md.m = yield* multipath_ctr(md, options, groups);
    disk.fops = { submit_bio: (bio) => dm_submit_bio(md, bio) };
    const [first] = groups[0] ?? [];
    if (first !== undefined) yield* set_capacity(disk, yield* get_capacity(first.disk));
    yield* device_add_disk(null, disk);
    return md;
  },
);

/** What has waited meanwhile goes on, in its order. */
function* submit_deferred(md: mapped_device): Steps<void> {
  let bio = yield* bio_list_get(md.deferred);
  while (bio !== null) {
    const one = bio;
    bio = one.bi_next;
    one.bi_next = null;
    yield* dm_submit_bio(md, one);
  }
}

const targetOf = ({ m, name }: mapped_device): multipath => {
  if (m !== null) return m;
  throw errors.fail('LMP-290', { message: `${name} has no table`, todo: 'load one' });
};

/**
 * `dmsetup reload`, `suspend --noflush` and `resume`: another table takes the place of the one in use. What
 * is on its way ends, what waits goes to the new table.
 * Kernel: dm_suspend(), multipath_presuspend(), multipath_dtr(), dm_resume(). Context: may sleep.
 */
export const dm_reload = kfn(
  'dm_reload',
  function* (md: mapped_device, options: MultipathOptions, groups: DmGroups): Steps<void> {
    const before = md.m;
    const next = yield* multipath_ctr(md, options, groups);
    yield* block_io(md);
    if (before !== null) yield* queue_if_no_path(before, false, true);
    yield* wait_for_io(md);
    if (before !== null) yield* multipath_dtr(before);
    yield* unblock_io(md, next);
    yield* submit_deferred(md);
  },
);

/**
 * `dmsetup suspend --noflush`: what is on its way ends or waits, and whatever comes waits.
 * Kernel: dm_suspend(), multipath_presuspend(), 6.12. Context: may sleep. Errors: LMP-290.
 */
export const dm_suspend = kfn('dm_suspend', function* (md: mapped_device): Steps<void> {
  const m = targetOf(md);
  yield* block_io(md);
  yield* queue_if_no_path(m, false, true);
  yield* wait_for_io(md);
});

/**
 * `dmsetup resume` of the table that was suspended: what waits goes to it.
 * Kernel: dm_resume(), multipath_resume(), 6.12. Context: may sleep. Errors: LMP-290.
 */
export const dm_resume = kfn('dm_resume', function* (md: mapped_device): Steps<void> {
  const m = targetOf(md);
  yield* locked('multipath_resume', m, () => {
    m.queue_if_no_path = m.saved_queue_if_no_path;
  });
  yield* unblock_io(md, m);
  yield* submit_deferred(md);
});
