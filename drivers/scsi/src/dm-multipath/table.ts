// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_alloc_disk,
  device_add_disk,
  get_capacity,
  kfn,
  NUMA_NO_NODE,
  set_capacity,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { scsi_device } from '../environment/scsi-device.js';
import { activate_path } from './activate.js';
import { locked } from './choose.js';
import { multipath_map_bio, process_queued_bios } from './map.js';
import { multipath, pgpath, priority_group, type MultipathOptions } from './multipath.js';
import { fail_path, queue_if_no_path, reinstate_path } from './paths.js';

/** A multipath device: its disk, and what `dmsetup` can do with it. */
export interface DmDevice {
  readonly m: multipath;
  readonly disk: gendisk;
}

const diskOf = (sdev: scsi_device): gendisk => {
  const disk = sdev.sdkp?.disk;
  if (disk !== undefined) return disk;
  throw errors.fail('LMP-250', { message: `${sdev.address} has no disk`, todo: 'make the table of disks' });
};

/**
 * `dmsetup create` of a table with one multipath target: priority groups in the order given, each with its
 * paths, a round-robin selector, bio based.
 */
export const dm_create = kfn(
  'dm_create',
  function* (options: MultipathOptions, groups: readonly (readonly scsi_device[])[]): Steps<DmDevice> {
    const m = new multipath(options, process_queued_bios);
    for (const [n, paths] of groups.entries()) {
      const pg = new priority_group(m, n + 1);
      m.priority_groups.push(pg);
      for (const sdev of paths) {
        const path = new pgpath(pg, sdev, diskOf(sdev));
        pg.pgpaths.push(path);
        pg.valid_paths.push(path);
        m.nr_valid_paths++;
      }
    }
    const disk = yield* blk_alloc_disk(NUMA_NO_NODE);
    disk.disk_name = options.name;
    disk.fops = { submit_bio: (bio) => multipath_map_bio(m, bio) };
    const [first] = m.priority_groups[0]?.pgpaths ?? [];
    if (first !== undefined) yield* set_capacity(disk, yield* get_capacity(first.disk));
    yield* device_add_disk(null, disk);
    return { m, disk };
  },
);

const pathOf = (m: multipath, name: string): pgpath => {
  const found = m.priority_groups.flatMap(({ pgpaths }) => pgpaths).find(({ disk }) => disk.disk_name === name);
  if (found !== undefined) return found;
  throw errors.fail('LMP-251', { message: `the table ${m.name} has no path ${name}`, todo: 'name one of its disks' });
};

/** Messages of the target that change paths or waiting. */
export type DmMessage =
  | { readonly kind: 'fail_path' | 'reinstate_path'; readonly path: string }
  | { readonly kind: 'queue_if_no_path' | 'fail_if_no_path' };

/** `dmsetup message`. Kernel: multipath_message(), 6.12. Context: may sleep. */
export function* dm_message({ m }: DmDevice, message: DmMessage): Steps<void> {
  switch (message.kind) {
    case 'fail_path':
      yield* fail_path(pathOf(m, message.path));
      return;
    case 'reinstate_path':
      yield* reinstate_path(pathOf(m, message.path), activate_path);
      return;
    case 'queue_if_no_path':
      yield* queue_if_no_path(m, true);
      return;
    case 'fail_if_no_path':
      yield* queue_if_no_path(m, false);
  }
}

/** One path in `dmsetup status`. */
export interface DmPathStatus {
  readonly path: string;
  readonly state: 'A' | 'F';
  readonly failCount: number;
}

/** What `dmsetup status` says of groups (D disabled, A current, E enabled) and paths. */
export const dm_status = ({
  m,
}: DmDevice): Steps<readonly { readonly state: 'D' | 'A' | 'E'; readonly paths: readonly DmPathStatus[] }[]> =>
  locked('dm_status', m, () =>
    m.priority_groups.map((pg) => ({
      state: pg.bypassed ? 'D' : pg === m.current_pg ? 'A' : 'E',
      paths: pg.pgpaths.map(({ disk, is_active, fail_count }) => ({
        path: disk.disk_name,
        state: is_active ? 'A' : 'F',
        failCount: fail_count,
      })),
    })),
  );
