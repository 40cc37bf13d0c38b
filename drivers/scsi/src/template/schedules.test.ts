// SPDX-License-Identifier: GPL-2.0-only
import {
  explore,
  libV3,
  list_entries,
  mutex_lock,
  mutex_unlock,
  sysfs_read,
  type Program,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_device } from '../environment/remove-device.js';
import { sd_remove } from '../environment/sd/sd-probe.js';
import type { scsi_device } from '../environment/scsi-device.js';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { attachAnother, attachOne, attachTwo, fixed, without, type One } from '../testing/mpath-paths.js';
import { before, both, inside, runDirected, runProgram, seeded, type Leg } from '../testing/directed.js';
import {
  headDisk,
  headsOf,
  mpathProgram,
  libraryHead,
  pathDisk,
  type MpathOptions,
  type MpathWorld,
} from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';

const remove = ({ first }: One): Steps<void> => scsi_remove_device(first.sdev);

function* anotherComes(state: One, world: MpathWorld): Steps<void> {
  yield* attachAnother(state, world);
}

/** echo > …/driver/unbind: sd lets go, the device stays as it is. */
function* unbind(sdev: scsi_device): Steps<void> {
  yield* mutex_lock(sdev.device_mutex);
  yield* sd_remove(sdev);
  yield* mutex_unlock(sdev.device_mutex);
}

const DISK_OF_PATH = before('mpath_device', 'disk', 'load');
const FAULT = 'BUG: kernel NULL pointer dereference: mpath_device.disk';

describe('mpath_device.disk becomes NULL without a grace period', () => {
  const probing = (options: MpathOptions): Program =>
    mpathProgram(
      'a path leaves, another comes',
      options,
      attachOne,
      { remover: remove, prober: anotherComes },
      () => null,
    );
  const legs: readonly Leg[] = [
    { run: 'remover', until: inside('mpath_delete_device') },
    { run: 'prober', until: both(inside('mpath_add_sysfs_link'), DISK_OF_PATH) },
    { run: 'remover' },
  ];

  it('a path that is being linked walks over the one that leaves', () => {
    const early: readonly Leg[] = [
      ...legs.slice(0, 2),
      { run: 'remover', until: inside('del_gendisk') },
      { run: 'prober' },
    ];
    for (const options of [{}, without('removal-waits-after-unlink')]) {
      expect(runDirected(probing(options), early).messages).toContain(FAULT);
      // By then the path itself is gone.
      expect(runDirected(probing(options), legs).messages).toContain(
        'KASAN: slab-use-after-free in mpath_add_sysfs_link',
      );
    }
    for (const all of [early, legs])
      expect(runDirected(probing(fixed), all)).toMatchObject({ messages: [], stuck: [] });
  });

  const reading = (options: MpathOptions): Program =>
    mpathProgram(
      'sd lets go of a path that runs, beside a read',
      options,
      attachTwo,
      {
        unbinder: ({ first }) => unbind(first.sdev),
        *reader(_state, world) {
          yield* transferDisk(headDisk(world));
        },
      },
      () => null,
    );
  const unbindLegs: readonly Leg[] = [
    { run: 'unbinder', until: inside('mpath_delete_device') },
    { run: 'reader', until: both(inside('mpath_bdev_submit_bio'), DISK_OF_PATH) },
    { run: 'unbinder' },
  ];

  it('a read has chosen the path, which its unbind leaves running', () => {
    expect(runDirected(reading({}), unbindLegs).messages).toContain(FAULT);
    expect(runDirected(reading(fixed), unbindLegs)).toMatchObject({ messages: [], stuck: [] });
  });

  it('every schedule of the two: the link of a path beside the removal of another', { timeout: 120_000 }, () => {
    const linking = (options: MpathOptions): Program =>
      mpathProgram(
        'links beside a removal',
        options,
        attachTwo,
        {
          *remover({ first }, { mpath }) {
            if (first.sdev.sdkp !== null) yield* mpath.sd_remove(first.sdev.sdkp);
          },
          linker: (_state, world) => libV3.mpath_add_sysfs_link(libraryHead(world)),
        },
        () => null,
      );
    const [v3, none] = [linking({}), linking(fixed)].map((program) => explore(program, { races: false }));
    expect(v3).toMatchObject({ complete: true });
    expect(v3?.reports.map(({ report }) => report.message)).toEqual([FAULT]);
    expect(none).toMatchObject({ complete: true, reports: [] });
  });
});

describe('a scan that looks at a head that goes', () => {
  const program = (options: MpathOptions): Program =>
    mpathProgram(
      'a head goes, another unit comes',
      options,
      attachOne,
      {
        remover: remove,
        *prober(_state, { core }) {
          yield* attach(core, qemuNexus(plainUnit(), '5000000000000002'));
        },
      },
      (_state, world) => headsOf(world).map(({ vpd_id }) => vpd_id),
    );
  const legs: readonly Leg[] = [
    { run: 'prober', until: both(inside('scsi_mpath_find_head'), inside('scsi_mpath_put_head')) },
    { run: 'remover' },
  ];

  it('puts the last reference under the lock that the release takes, on v3', () => {
    for (const options of [{}, without('lookup-compares-first')]) {
      expect(runDirected(program(options), legs)).toMatchObject({
        end: 'stuck',
        stuck: ['prober'],
        messages: ['WARNING: possible recursive locking detected'],
      });
    }
  });

  it('not with the remedy', () => {
    expect(runDirected(program(fixed), legs)).toEqual({
      end: 'finished',
      outcome: ['naa.5000000000000002'],
      messages: [],
      stuck: [],
    });
  });
});

describe('attributes of a path that leaves', () => {
  it('read the disk that was put', () => {
    const program = mpathProgram(
      'a path leaves beside a reader of its attribute',
      fixed,
      attachOne,
      {
        remover: remove,
        *reader({ first }) {
          yield* sysfs_read(pathDisk(first.sdev).device.kobj, 'mpath_dev');
        },
      },
      () => null,
    );
    const ran = runDirected(program, [
      { run: 'remover', until: both(inside('del_gendisk'), (task) => !task.stack().includes('sd_mpath_remove')) },
      { run: 'reader' },
    ]);
    expect(ran.messages).toEqual(['KASAN: slab-use-after-free in reader']);
  });
});

describe('two paths of one unit are probed at the same time', () => {
  const program = (options: MpathOptions): Program =>
    mpathProgram(
      'two probes',
      options,
      function* () {
        return { unit: plainUnit() };
      },
      {
        *one({ unit }, { core }) {
          yield* attach(core, qemuNexus(unit));
        },
        *other({ unit }, { core }) {
          yield* attach(core, qemuNexus(unit));
        },
      },
      (_state, world) => ({
        heads: headsOf(world).length,
        disks: list_entries(world.mpath.globals.sd_mpath_disks_list).map(({ disk_count }) => disk_count),
        links: [...(headDisk(world).device.kobj.groups.get('multipath')?.keys() ?? [])].sort(),
        live: headDisk(world).part0.hashed,
      }),
    );

  it.each([
    ['v3', {}],
    ['fixed', fixed],
  ] as const)('%s: one head, one disk, two links, in any order of steps', (_name, options) => {
    for (let seed = 0; seed < 40; seed++) {
      expect(runProgram(program(options), seeded(seed)), `seed ${String(seed)}`).toEqual({
        end: 'finished',
        outcome: { heads: 1, disks: [2], links: ['sda:0', 'sda:1'], live: true },
        messages: [],
        stuck: [],
      });
    }
  });
});

describe('a clone between head and path', () => {
  it('is held by nobody on v3: the path it is for goes first. On fixed the removal waits for it', () => {
    const program = (options: MpathOptions): Program =>
      mpathProgram(
        'a read beside the removal of its path',
        options,
        attachTwo,
        {
          remover: remove,
          *reader(_state, world) {
            yield* transferDisk(headDisk(world));
          },
        },
        () => null,
      );
    const legs: readonly Leg[] = [
      { run: 'reader', until: before('scsi_queue', 'q_usage_counter') },
      { run: 'remover' },
      { run: 'reader' },
    ];
    expect(runDirected(program({}), legs).messages).toEqual(['KASAN: slab-use-after-free in submit_bio_noacct']);
    // The remover gets no further than to its first grace period, before the reader has gone on.
    expect(runDirected(program(fixed), [...legs, { run: 'remover' }])).toMatchObject({ messages: [], stuck: [] });
  });
});
