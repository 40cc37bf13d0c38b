// SPDX-License-Identifier: GPL-2.0-only
import { GENHD_FL_HIDDEN, libV3, sysfs_read, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_host } from '../environment/add-host.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import {
  attach,
  firstOf,
  LIO_KEY,
  lioPaths,
  plainUnit,
  qemuNexus,
  SECTORS,
  unidentifiedNexus,
} from '../testing/arrays.js';
import { attachTwo } from '../testing/mpath-paths.js';
import { headDisk, headsOf, messages, mpathRun, onlyHead, pathDisk } from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';
import {
  scsi_multipath_param_get,
  scsi_multipath_param_set,
  scsi_set_iopolicy,
  scsi_get_iopolicy,
} from './parameters.js';
import { sd_device_number } from './sd/attributes.js';

const WWN = '5000000000000001';

describe('SCSI over libmultipath, two paths of one unit', () => {
  it('has one head and one disk, with the paths hidden below it, and all goes with the last path', () => {
    const { value, reports, log } = mpathRun(function* (world) {
      const { first: one, second: other } = yield* attachTwo(world);
      const paths = [one, other];
      const head = onlyHead(world);
      const disk = headDisk(world);
      const seen = {
        head: head.dev.kobj.path,
        vpd_id: yield* sysfs_read(head.dev.kobj, 'vpd_id'),
        devices: [...(head.dev.kobj.groups.get('multipath')?.keys() ?? [])],
        disk: disk.device.kobj.path,
        sectors: disk.part0.bd_nr_sectors,
        links: [...(disk.device.kobj.groups.get('multipath')?.keys() ?? [])],
        paths: paths.map(({ sdev }) => [pathDisk(sdev).disk_name, pathDisk(sdev).flags & GENHD_FL_HIDDEN]),
        read: (yield* transferDisk(disk)).result,
      };
      for (const { shost } of paths) yield* scsi_remove_host(shost);
      return { ...seen, left: headsOf(world).length };
    });
    expect(value).toEqual({
      head: '/virtual/scsi_mpath_device/scsi_mpath_device0',
      vpd_id: `naa.${WWN}\n`,
      devices: ['0:0:0:0', '1:0:0:0'],
      disk: '/virtual/scsi_mpath_disk/scsi_mpath_disk0/sda',
      sectors: SECTORS,
      links: ['sda:0', 'sda:1'],
      paths: [
        ['sda:0', GENHD_FL_HIDDEN],
        ['sda:1', GENHD_FL_HIDDEN],
      ],
      read: 'ok',
      left: 0,
    });
    expect(log).toContain('block sda: Created multipath sysfs link to sda:1');
    expect(messages(reports)).toEqual([]);
  });

  it('numbers a path that comes back with the number that is free, and letters from those of sd', () => {
    const { value, reports } = mpathRun(function* (world) {
      const { first, second } = yield* attachTwo(world);
      const other = yield* attach(world.core, qemuNexus(plainUnit(), '5000000000000002'));
      yield* scsi_remove_device(first.sdev);
      const again = yield* attach(world.core, qemuNexus(first.sdev.nexus.unit));
      const names = [second, other, again].map(({ sdev }) => pathDisk(sdev).disk_name);
      for (const { shost } of [first, second, other, again]) yield* scsi_remove_host(shost);
      return names;
    });
    expect(value).toEqual(['sda:1', 'sdb:0', 'sda:0']);
    expect(messages(reports)).toEqual([]);
  });
});

describe('what becomes a path', () => {
  it.each([
    ['off', 0, 0],
    ['on', 0, 1],
    ['always', 1, 1],
    ['alwaysandmore', 1, 1],
  ] as const)('%s: %i heads for a unit without TPGS, %i with it', (multipath, without, withTpgs) => {
    const count = (nexuses: () => ReturnType<typeof qemuNexus>): number =>
      mpathRun(
        function* (world) {
          const { shost } = yield* attach(world.core, nexuses());
          const { length } = headsOf(world);
          yield* scsi_remove_host(shost);
          return length;
        },
        { multipath },
      ).value;
    expect(count(() => qemuNexus(plainUnit()))).toBe(without);
    expect(count(() => firstOf(lioPaths([0])))).toBe(withTpgs);
  });

  it('a unit without identification is a disk of its own, silently', () => {
    const { value, reports } = mpathRun(function* (world) {
      const { shost, sdev } = yield* attach(world.core, unidentifiedNexus(plainUnit()));
      const seen = [headsOf(world).length, pathDisk(sdev).disk_name];
      yield* scsi_remove_host(shost);
      return seen;
    });
    expect(value).toEqual([0, 'sda']);
    expect(messages(reports)).toEqual([]);
  });

  it('paths with other identifications have heads of their own', () => {
    const { value, reports } = mpathRun(function* (world) {
      const a = yield* attach(world.core, qemuNexus(plainUnit()));
      const b = yield* attach(world.core, firstOf(lioPaths([0])));
      const ids = headsOf(world).map(({ vpd_id }) => vpd_id);
      yield* scsi_remove_host(a.shost);
      const kept = headsOf(world).map(({ index }) => index);
      yield* scsi_remove_host(b.shost);
      return [ids, kept];
    });
    expect(value).toEqual([[`naa.${WWN}`, LIO_KEY], [1]]);
    expect(messages(reports)).toEqual([]);
  });
});

describe('what sysfs and parameters show', () => {
  it('the formats of the attributes', () => {
    const { value, reports } = mpathRun(function* (world) {
      const { first: one, second: other } = yield* attachTwo(world);
      const paths = [one, other];
      const head = onlyHead(world).dev.kobj;
      const disk = headDisk(world).device.kobj;
      const [first, second] = paths.map(({ sdev }) => pathDisk(sdev).device.kobj);
      if (first === undefined || second === undefined) throw new Error('no paths');
      const shown: unknown[] = [];
      const look = function* (): Steps<void> {
        shown.push([
          yield* sysfs_read(head, 'iopolicy'),
          yield* sysfs_read(first, 'mpath_dev'),
          yield* sysfs_read(first, 'mpath_numa_nodes'),
          yield* sysfs_read(second, 'mpath_numa_nodes'),
          yield* sysfs_read(first, 'mpath_queue_depth'),
        ]);
      };
      yield* look();
      shown.push(yield* sysfs_write(head, 'iopolicy', 'queue-depth\n'), yield* sysfs_write(head, 'iopolicy', 'best'));
      yield* look();
      shown.push(yield* sysfs_read(disk, 'delayed_removal_secs'));
      shown.push(yield* sysfs_write(disk, 'delayed_removal_secs', '0x10\n'));
      shown.push(yield* sysfs_write(disk, 'delayed_removal_secs', '-1'));
      shown.push(yield* sysfs_read(disk, 'delayed_removal_secs'));
      yield* sysfs_write(disk, 'delayed_removal_secs', '0');
      for (const { shost } of paths) yield* scsi_remove_host(shost);
      return shown;
    });
    expect(value).toEqual([
      ['numa\n', '8:0\n', '0\n', '\n', ''],
      12,
      -22,
      ['queue-depth\n', '8:0\n', '', '', '0\n'],
      '0\n',
      5,
      -22,
      '16\n',
    ]);
    expect(messages(reports)).toEqual([]);
  });

  it('major and minor of sd: 16 minors to a disk, 16 disks to a major', () => {
    expect([0, 1, 15, 16, 31, 128, 255, 256].map(sd_device_number)).toEqual([
      '8:0',
      '8:16',
      '8:240',
      '65:0',
      '65:240',
      '128:0',
      '135:240',
      '8:256',
    ]);
  });

  it('parameters: modes by prefix, policies by name, for heads to come', () => {
    const { value } = mpathRun(
      function* (world) {
        const { globals } = world.mpath;
        const set = ['off', 'only', 'always', 'al', '', null].map((val) => [
          scsi_multipath_param_set(globals, val),
          scsi_multipath_param_get(globals),
        ]);
        const policy = [
          yield* scsi_set_iopolicy(libV3, globals, 'round-robin'),
          yield* scsi_set_iopolicy(libV3, globals, 'round'),
          scsi_get_iopolicy(libV3, globals),
        ];
        const { shost } = yield* attach(world.core, qemuNexus(plainUnit()));
        const shown = yield* sysfs_read(onlyHead(world).dev.kobj, 'iopolicy');
        yield* scsi_remove_host(shost);
        return { set, policy, shown };
      },
      { multipath: 'off' },
    );
    expect(value).toEqual({
      set: [
        [0, 'off\n'],
        [0, 'on\n'],
        [0, 'always\n'],
        [-22, 'always\n'],
        [-22, 'always\n'],
        [-22, 'always\n'],
      ],
      policy: [0, -22, 'round-robin\n'],
      shown: 'round-robin\n',
    });
  });
});
