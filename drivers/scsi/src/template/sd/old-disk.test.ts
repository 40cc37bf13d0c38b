// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_file_open_by_dev,
  bdev_fput,
  BLK_OPEN_READ,
  blk_mq_alloc_disk_for_queue,
  explore,
  kzalloc,
  msleep,
  mutex_lock,
  mutex_unlock,
  settle,
  sysfs_write,
  type bdev_file,
  type gendisk,
  type Program,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_device } from '../../environment/remove-device.js';
import { scsi_disk } from '../../environment/sd/scsi-disk.js';
import { sd_remove } from '../../environment/sd/sd-probe.js';
import type { scsi_device } from '../../environment/scsi-device.js';
import { attachAnother, attachOne, attachTwo, fixed, without, type One } from '../../testing/mpath-paths.js';
import { inside, runDirected, type Leg } from '../../testing/directed.js';
import { headDisk, headsOf, mpathProgram, type MpathOptions, type MpathWorld } from '../../testing/mpath-run.js';
import { transferDisk } from '../../testing/read-block.js';

const lacking: readonly MpathOptions[] = [{}, without('probe-waits-for-old-disk')];

const kept = ({ mpath }: MpathWorld, wanted: string): number =>
  mpath.made.filter(({ kind, alloc }) => kind === wanted && !alloc.freed).length;

describe('every schedule of the last path that leaves a disk and a path that is probed', () => {
  interface Probed extends One {
    readonly sdkp: scsi_disk;
    answer?: number;
  }

  /** sd lets go of the device, and has a disk for it again that nobody has probed yet. */
  function* unprobed(sdev: scsi_device): Steps<scsi_disk> {
    yield* mutex_lock(sdev.device_mutex);
    yield* sd_remove(sdev);
    yield* mutex_unlock(sdev.device_mutex);
    yield* settle();
    const disk = yield* blk_mq_alloc_disk_for_queue(sdev.request_queue, sdev.host.numa_node);
    return yield* kzalloc(() => new scsi_disk(sdev, disk));
  }

  const program = (options: MpathOptions, fails: boolean): Program =>
    mpathProgram(
      'sd_mpath_remove() beside sd_mpath_probe()',
      options,
      function* (world): Steps<Probed> {
        const { first, second } = yield* attachTwo(world);
        return { first, sdkp: yield* unprobed(second.sdev) };
      },
      {
        *remover({ first }, { mpath }) {
          if (first.sdev.sdkp !== null) yield* mpath.sd_remove(first.sdev.sdkp);
        },
        *prober(state, { mpath }) {
          state.answer = yield* mpath.sd_probe(state.sdkp);
          if (fails) yield* mpath.sd_fail_probe(state.sdkp);
        },
      },
      (state, world) => ({
        answer: state?.answer,
        name: state?.sdkp.disk.disk_name,
        users: headsOf(world).map(({ ref }) => ref.refcount.refs),
        disks: kept(world, 'sd_mpath_disk'),
      }),
    );

  it(
    'has use after free, duplicate names and races on mpath_head.disk without the remedy',
    { timeout: 240_000 },
    () => {
      for (const options of lacking) {
        const { complete, reports } = explore(program(options, false));
        const found = reports.map(({ report }) => report.message);
        expect(complete).toBe(true);
        expect(found).toEqual(
          expect.arrayContaining([
            'BUG: KCSAN: data-race in mpath_alloc_head_disk / mpath_put_disk',
            'BUG: KCSAN: data-race in mpath_alloc_head_disk / mpath_remove_disk',
            'KASAN: slab-use-after-free in mpath_alloc_head_disk',
            "sysfs: cannot create duplicate filename '/scsi_mpath_disk0'",
            'WARNING: del_gendisk: disk is not live',
          ]),
        );
      }
    },
  );

  it('comes to one disk with it, or to none when the probe fails, and nothing else', { timeout: 120_000 }, () => {
    // The users of the head are its two paths, and its disk.
    const outcomes = [
      [false, { answer: 1, name: 'sda:1', users: [3], disks: 1 }],
      [true, { answer: 1, name: 'sda:1', users: [2], disks: 0 }],
    ] as const;
    for (const [fails, value] of outcomes) {
      expect(explore(program(fixed, fails))).toMatchObject({ complete: true, reports: [], outcomes: [{ value }] });
    }
  });
});

describe('a disk that goes when the time of its delayed removal is over', () => {
  const program = (options: MpathOptions): Program =>
    mpathProgram(
      'a path comes while the work takes the disk down',
      options,
      function* (world): Steps<One & { result?: string }> {
        const one = yield* attachOne(world);
        yield* sysfs_write(headDisk(world).device.kobj, 'delayed_removal_secs', '1');
        return { ...one };
      },
      {
        remover: ({ first }) => scsi_remove_device(first.sdev),
        *prober(state, world) {
          yield* msleep(1_500);
          yield* attachAnother(state, world);
          state.result = (yield* transferDisk(headDisk(world))).result;
        },
      },
      (state, world) => ({ result: state?.result, disks: kept(world, 'sd_mpath_disk'), sd: world.core.sd_mod.refcnt }),
    );
  const legs: readonly Leg[] = [
    { run: 'kworker/scsi_mpath_head#1.mpath_head.remove_work', until: inside('mpath_remove_disk') },
    { run: 'prober', until: () => false },
  ];

  it('is waited for as well', () => {
    for (const options of lacking) {
      expect(runDirected(program(options), legs).messages).toEqual(['WARNING: del_gendisk: disk is not live']);
    }
    expect(runDirected(program(fixed), legs)).toEqual({
      end: 'finished',
      outcome: { result: 'ok', disks: 1, sd: 0 },
      messages: [],
      stuck: [],
    });
  });
});

describe('an old disk that somebody has open', () => {
  interface Opened extends One {
    readonly old: gendisk;
    readonly file: bdev_file;
    results?: readonly string[];
  }
  const program = mpathProgram(
    'a path comes, and the old disk is closed after it',
    fixed,
    function* (world): Steps<Opened> {
      const one = yield* attachOne(world);
      const old = headDisk(world);
      const file = yield* bdev_file_open_by_dev(old, BLK_OPEN_READ, null, null);
      if (typeof file === 'number') throw new Error('not opened');
      return { ...one, old, file };
    },
    {
      remover: ({ first }) => scsi_remove_device(first.sdev),
      *prober(state, world) {
        yield* attachAnother(state, world);
        const [fresh, old] = [yield* transferDisk(headDisk(world)), yield* transferDisk(state.old)];
        state.results = [fresh.result, old.result];
        yield* bdev_fput(state.file);
      },
    },
    (state, world) => ({ results: state?.results, heads: headsOf(world).length, sd: world.core.sd_mod.refcnt }),
  );

  it('is waited for until its put, not until it is closed: it is dead, and the new one serves', () => {
    const legs: readonly Leg[] = [{ run: 'remover', until: inside('mpath_put_disk') }, { run: 'prober' }];
    expect(runDirected(program, legs)).toEqual({
      end: 'finished',
      outcome: { results: ['ok', 'EIO'], heads: 1, sd: 0 },
      messages: [],
      stuck: [],
    });
  });
});
