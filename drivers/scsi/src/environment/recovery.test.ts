// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  currentMachine,
  get_capacity,
  HZ,
  jiffies,
  msleep,
  settle,
  sysfs_read,
  sysfs_write,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { attach, plainUnit, qemuNexus, type Attached } from '../testing/arrays.js';
import { transferBlock, type Ended } from '../testing/read-block.js';
import { scsiRun } from '../testing/scsi-run.js';
import { scsi_device_block, scsi_internal_device_unblock } from './device-state.js';
import { SDEV_RUNNING, SDEV_TRANSPORT_OFFLINE } from './device-states.js';
import { inject, resize_unit, set_transport } from './hardware/change.js';
import { scsi_remove_device } from './remove-device.js';
import { DID_TRANSPORT_DISRUPTED } from './status-codes.js';

const state = ({ sdev }: Attached): Steps<string | number> => sysfs_read(sdev.sdev_gendev.kobj, 'state');
const write = ({ sdev }: Attached, name: string, text: string): Steps<number> =>
  sysfs_write(sdev.sdev_gendev.kobj, name, text);

/** A read in a task of its own. */
const readAside = (path: Attached, name = 'reader'): { ended?: Ended; atS?: number } => {
  const seen: { ended?: Ended; atS?: number } = {};
  currentMachine().spawn(name, function* () {
    const start = yield* jiffies();
    seen.ended = yield* transferBlock(path.sdev);
    seen.atS = ((yield* jiffies()) - start) / HZ;
  });
  return seen;
};

describe('a device that does not answer', () => {
  it('has the command aborted after thirty seconds, and the second attempt answers', () => {
    const { value, reports } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      yield* inject(path.sdev.nexus, 'no answer');
      const start = yield* jiffies();
      const { result } = yield* transferBlock(path.sdev);
      return { result, seconds: Math.floor(((yield* jiffies()) - start) / HZ), state: yield* state(path) };
    });
    expect(value).toEqual({ result: 'ok', seconds: 30, state: 'running\n' });
    expect(reports).toEqual([]);
  });

  it('whose reset fails goes offline, and what waits fails', () => {
    const { value, log } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      path.sdev.nexus.abortFails = true;
      path.sdev.nexus.resetFails = true;
      yield* inject(path.sdev.nexus, 'no answer');
      const { result } = yield* transferBlock(path.sdev);
      const later = (yield* transferBlock(path.sdev)).result;
      return { result, later, state: yield* state(path), host: path.shost.shost_state, busy: path.shost.host_busy };
    });
    expect(value).toEqual({ result: 'EIO', later: 'EIO', state: 'offline\n', host: 2, busy: 0 });
    expect(log).toContain('sd 0:0:0:0: Device offlined - not ready after error recovery');
    expect(log).toContain('sd 0:0:0:0: rejecting I/O to offline device');
  });

  it('whose abort fails is reset, and the command tried again', () => {
    const { value } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      path.sdev.nexus.abortFails = true;
      yield* inject(path.sdev.nexus, 'no answer');
      return [(yield* transferBlock(path.sdev)).result, yield* state(path)];
    });
    expect(value).toEqual(['ok', 'running\n']);
  });
});

describe('a transport that loses the device', () => {
  it('holds what is sent while it is blocked, and lets it go on', () => {
    const { value } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      const blocked = yield* scsi_device_block(path.sdev);
      const read = readAside(path);
      yield* msleep(5_000);
      const during = [yield* state(path), read.ended?.result];
      const refused = yield* write(path, 'state', 'running\n');
      yield* scsi_internal_device_unblock(path.sdev, SDEV_RUNNING);
      yield* settle();
      return { blocked, during, refused, after: [yield* state(path), read.ended?.result] };
    });
    expect(value).toEqual({ blocked: 0, during: ['blocked\n', undefined], refused: -22, after: ['running\n', 'ok'] });
  });

  it('fails it when the transport gives up', () => {
    const { value } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      yield* scsi_device_block(path.sdev);
      const read = readAside(path);
      yield* msleep(100);
      yield* scsi_internal_device_unblock(path.sdev, SDEV_TRANSPORT_OFFLINE);
      yield* settle();
      const given = [yield* state(path), read.ended?.result];
      yield* scsi_internal_device_unblock(path.sdev, SDEV_RUNNING);
      return [...given, yield* state(path), (yield* transferBlock(path.sdev)).result];
    });
    expect(value).toEqual(['transport-offline\n', 'EIO', 'running\n', 'ok']);
  });

  it('fails at once where it only says so, and the state stays', () => {
    const { value } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      yield* set_transport(path.sdev.nexus, { host: DID_TRANSPORT_DISRUPTED });
      const read = readAside(path);
      yield* settle();
      yield* msleep(500);
      return { result: read.ended?.result, quick: (read.atS ?? 9) < 0.5, state: yield* state(path) };
    });
    expect(value).toEqual({ result: 'EIO', quick: true, state: 'running\n' });
  });
});

describe('the state file', () => {
  it('takes running and offline, in one of the two; running again rescans', () => {
    const { value } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      const { sdev } = path;
      const disk = sdev.sdkp?.disk;
      if (disk === undefined) throw new Error('no disk');
      const refused: number[] = [];
      for (const text of ['blocked\n', 'transport-offline\n', 'quiesce\n', 'cancel\n', 'running', 'nonsense\n']) {
        refused.push(yield* write(path, 'state', text));
      }
      yield* resize_unit(sdev.nexus.unit, 131_072);
      const running = yield* write(path, 'state', 'running\n');
      const unchanged = yield* get_capacity(disk);
      const offline = yield* write(path, 'state', 'offline\n');
      const dead = [(yield* transferBlock(sdev)).result, yield* bdev_open(disk)];
      yield* write(path, 'state', 'running\n');
      return {
        refused,
        running,
        unchanged,
        offline,
        dead,
        resized: yield* get_capacity(disk),
        state: yield* state(path),
      };
    });
    expect(value).toEqual({
      refused: [-22, -22, -22, -22, -22, -22],
      running: 8,
      unchanged: 65_536,
      offline: 8,
      dead: ['EIO', -6],
      resized: 131_072,
      state: 'running\n',
    });
  });
});

describe('removal', () => {
  it('of a blocked device fails what waits at once', () => {
    const { value, reports } = scsiRun(function* (core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      yield* scsi_device_block(path.sdev);
      const read = readAside(path);
      yield* msleep(1_000);
      yield* scsi_remove_device(path.sdev);
      yield* settle();
      return { result: read.ended?.result, devices: path.shost.__devices.next === path.shost.__devices };
    });
    expect(value).toEqual({ result: 'EIO', devices: true });
    expect(reports.map(({ message }) => message)).toEqual([]);
  });

  it('of one of two devices waits for what is under way there, refuses it, and leaves the other alone', () => {
    const { value, reports } = scsiRun(function* (core) {
      const unit = plainUnit();
      const one = yield* attach(core, qemuNexus(unit));
      const two = yield* attach(core, qemuNexus(unit));
      yield* inject(one.sdev.nexus, { status: 0x02, sense: [0x02, 0x04, 0x0a] }, 9);
      const read = readAside(one);
      yield* msleep(100);
      yield* scsi_remove_device(one.sdev);
      yield* settle();
      const name = two.sdev.sdkp?.disk.disk_name;
      return { waited: read.ended?.result, other: (yield* transferBlock(two.sdev)).result, name };
    });
    expect(value).toEqual({ waited: 'ENODEV', other: 'ok', name: 'sdb' });
    expect(reports.map(({ message }) => message)).toEqual([]);
  });
});
