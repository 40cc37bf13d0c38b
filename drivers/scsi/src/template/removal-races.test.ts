// SPDX-License-Identifier: GPL-2.0-only
import {
  device,
  device_add,
  list_entries,
  msleep,
  settle,
  sysfs_write,
  type Program,
  type Steps,
  type Task,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_device } from '../environment/remove-device.js';
import { attach, qemuNexus, type Attached } from '../testing/arrays.js';
import { attachAnother, attachOne, fixed, without, type One } from '../testing/mpath-paths.js';
import { before, both, inside, runDirected, runProgram, seeded, type Leg } from '../testing/directed.js';
import {
  headDisk,
  headsOf,
  messages,
  mpathProgram,
  mpathRun,
  type MpathOptions,
  type MpathWorld,
} from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';

const remove = ({ first }: One): Steps<void> => scsi_remove_device(first.sdev);

function* anotherComes(state: One, world: MpathWorld): Steps<void> {
  yield* attachAnother(state, world);
}

interface Returned extends One {
  second?: Attached;
  result?: string;
  links?: readonly string[];
}

describe('a delayed removal whose time is over while a path comes back', () => {
  const program = (options: MpathOptions): Program =>
    mpathProgram(
      'a path comes back at the last moment',
      options,
      function* (world): Steps<Returned> {
        const state = yield* attachOne(world);
        yield* sysfs_write(headDisk(world).device.kobj, 'delayed_removal_secs', '1');
        return { ...state };
      },
      {
        *prober(state, world) {
          yield* remove(state);
          state.second = yield* attach(world.core, qemuNexus(state.first.sdev.nexus.unit));
          state.result = (yield* transferDisk(headDisk(world))).result;
        },
        waiter: () => msleep(3_000),
      },
      (state, { mpath, core }) => ({
        result: state?.result,
        disks: list_entries(mpath.globals.sd_mpath_disks_list).length,
        sd: core.sd_mod.refcnt,
      }),
    );
  // The timer and its work run while the prober stands between its probe and the library.
  const legs: readonly Leg[] = [
    { run: 'prober', until: inside('sd_mpath_add_disk') },
    { run: 'waiter', until: () => false },
  ];

  it('takes the disk away from under it on v3', () => {
    for (const options of [{}, without('removal-asks-for-paths')]) {
      expect(runDirected(program(options), legs)).toMatchObject({
        outcome: { result: 'EIO', disks: 0, sd: 0 },
        // The disk is added a second time, dead as it is.
        messages: ['WARNING: multipath_partition_scan_work: GD_SUPPRESS_PART_SCAN was clear'],
      });
    }
  });

  it('leaves it with the remedy', () => {
    expect(runDirected(program(fixed), legs)).toMatchObject({
      outcome: { result: 'ok', disks: 1, sd: 0 },
      messages: [],
    });
  });
});

describe('the last path leaves while another comes: a head has one disk pointer, and two disks', () => {
  interface Coming extends One {
    name?: string;
    result?: string;
  }
  type Prober = (state: Coming, world: MpathWorld) => Steps<void>;
  function* comesAndReads(state: Coming, world: MpathWorld): Steps<void> {
    yield* attachAnother(state, world);
    state.name = headDisk(world).disk_name;
    state.result = (yield* transferDisk(headDisk(world))).result;
  }
  function* comesAndGoes(state: Coming, world: MpathWorld): Steps<void> {
    const { sdev } = yield* attachAnother(state, world);
    state.result = (yield* transferDisk(headDisk(world))).result;
    yield* scsi_remove_device(sdev);
  }
  const program = (options: MpathOptions, prober: Prober): Program =>
    mpathProgram(
      'the last path leaves, another comes',
      options,
      function* (world): Steps<Coming> {
        return { ...(yield* attachOne(world)) };
      },
      { remover: remove, prober },
      (state, world) => ({
        name: state?.name,
        result: state?.result,
        users: headsOf(world).map(({ ref }) => ref.refcount.refs),
        disks: list_entries(world.mpath.globals.sd_mpath_disks_list).map(({ disk_count }) => disk_count),
        kept: world.mpath.made.filter(({ alloc }) => !alloc.freed).map(({ kind }) => kind),
        sd: world.core.sd_mod.refcnt,
      }),
    );
  const legsFrom = (until: (task: Task) => boolean): readonly Leg[] => [{ run: 'remover', until }, { run: 'prober' }];
  const beforeItsName = legsFrom(both(inside('sd_mpath_remove'), before('kobject', 'sd', 'device_del')));
  const beforeItIsDead = legsFrom(inside('mpath_remove_disk'));
  const beforeItsPut = legsFrom(inside('mpath_put_disk'));
  const lacking: readonly MpathOptions[] = [{}, without('probe-waits-for-old-disk')];

  it('the device of the old disk has the name of the new one, whose release leaves a pointer to freed memory', () => {
    for (const options of lacking) {
      expect(runDirected(program(options, anotherComes), beforeItsName).messages).toEqual([
        "sysfs: cannot create duplicate filename '/scsi_mpath_disk0'",
        'KASAN: slab-use-after-free in del_gendisk',
      ]);
    }
  });

  it('the new disk is never added, since the old one is still live, and is deleted in its place', () => {
    for (const options of lacking) {
      expect(runDirected(program(options, anotherComes), beforeItIsDead).messages).toEqual([
        'WARNING: del_gendisk: disk is not live',
      ]);
    }
  });

  it('with the remedy one comes after the other: the new disk has the name of the old one, and is read', () => {
    for (const legs of [beforeItsName, beforeItIsDead, beforeItsPut]) {
      expect(runDirected(program(fixed, comesAndReads), legs)).toEqual({
        end: 'finished',
        outcome: {
          name: 'sda',
          result: 'ok',
          // The path and the disk.
          users: [2],
          disks: [1],
          kept: ['scsi_mpath_head', 'scsi_mpath_device', 'sd_mpath_disk'],
          sd: 0,
        },
        messages: [],
        stuck: [],
      });
    }
  });

  it('and nothing is left when that path goes, too, in any order of steps', () => {
    for (let seed = 0; seed < 40; seed++) {
      expect(runProgram(program(fixed, comesAndGoes), seeded(seed)), `seed ${String(seed)}`).toMatchObject({
        end: 'finished',
        outcome: { result: 'ok', users: [], disks: [], kept: [], sd: 0 },
        messages: [],
        stuck: [],
      });
    }
  });
});

describe('a probe that fails while a removal is pending', () => {
  /** The second host's disk cannot be added: its name is taken in the directory of its device. */
  const failing = (options: MpathOptions): readonly string[] =>
    messages(
      mpathRun(
        function* (world) {
          const { first } = yield* attachOne(world);
          yield* sysfs_write(headDisk(world).device.kobj, 'delayed_removal_secs', '10');
          yield* scsi_remove_device(first.sdev);
          const { sdev } = yield* attach(world.core, qemuNexus(first.sdev.nexus.unit));
          yield* scsi_remove_device(sdev);
          yield* settle();
        },
        {
          ...options,
          over: (mpath) => ({
            *sd_revalidate_head(sdkp) {
              yield* mpath.sd_revalidate_head(sdkp);
              const { device: sdev, disk } = sdkp;
              if (sdev.host.host_no === 1) yield* device_add(new device(disk.disk_name, sdev.sdev_gendev));
            },
          }),
        },
      ).reports,
    );
  const cause = "sysfs: cannot create duplicate filename '/sda:0'";

  it('frees the head on v3 with the timer of the removal armed', () => {
    for (const options of [{}, without('failed-probe-asks')]) {
      expect(failing(options)).toEqual([
        cause,
        'ODEBUG: free active (active state 0) object type: work_struct hint: remove_work',
        'ODEBUG: free active (active state 0) object type: timer_list hint: remove_work timer',
        expect.stringMatching(/^KASAN: slab-use-after-free in timer/),
      ]);
    }
  });

  it('waits on with the remedy', () => {
    expect(failing(fixed)).toEqual([cause]);
  });
});
