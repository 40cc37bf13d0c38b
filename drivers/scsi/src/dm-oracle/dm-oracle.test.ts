// SPDX-License-Identifier: GPL-2.0-only
import {
  dm_create,
  dm_message,
  dm_status,
  type mapped_device,
  type MultipathOptions,
} from '@libmultipath/dm-multipath';
import { currentMachine, msleep, settle, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { describe, expect, it, test } from 'vitest';
import { loadAlua } from '../environment/alua/handler.js';
import { completionTable } from '../environment/completion-table.js';
import { inject, set_transport } from '../environment/hardware/change.js';
import { change_group } from '../environment/hardware/set-groups.js';
import type { scsi_core } from '../environment/scsi-core.js';
import { DID_TRANSPORT_DISRUPTED } from '../environment/status-codes.js';
import { attach, lioPaths, plainUnit, qemuNexus, type Attached } from '../testing/arrays.js';
import { transferDisk } from '../testing/read-block.js';
import { scsiRun } from '../testing/scsi-run.js';
import { dmPathOf } from './path-of.js';

function* twoPaths(
  core: scsi_core,
  options: Partial<MultipathOptions> = {},
): Steps<{ one: Attached; two: Attached; dm: mapped_device }> {
  const unit = plainUnit();
  const one = yield* attach(core, qemuNexus(unit));
  const two = yield* attach(core, qemuNexus(unit));
  return { one, two, dm: yield* dm_create({ name: 'dm-0', ...options }, [[dmPathOf(one.sdev), dmPathOf(two.sdev)]]) };
}

const letters = function* (dm: mapped_device): Steps<string> {
  const groups = yield* dm_status(dm);
  return groups
    .map(({ paths }) => paths.map(({ state, failCount }) => `${state}${String(failCount)}`).join(' '))
    .join(' | ');
};

test.each(completionTable.filter(({ errno }) => errno !== 0).map((row) => [row.name, row] as const))(
  '%s on one path of two: another path, or the user hears of it',
  (_name, row) => {
    const { value } = scsiRun(function* (core) {
      const { one, two, dm } = yield* twoPaths(core);
      const [next] = dm.m?.priority_groups[0]?.valid_paths ?? [];
      if (next === undefined) throw new Error('no path');
      const sdev = [one.sdev, two.sdev].find((each) => each.sdkp?.disk === next.disk);
      if (sdev === undefined) throw new Error('no device');
      yield* inject(sdev.nexus, row.completion, 20);
      const { errno } = yield* transferDisk(dm.disk);
      return { errno, paths: (yield* letters(dm)).split(' ').sort().join(' ') };
    });
    expect(value).toEqual(row.pathError ? { errno: 0, paths: 'A0 F1' } : { errno: row.errno, paths: 'A0 A0' });
  },
);

describe('no path left', () => {
  const allGone = function* (core: scsi_core, options: Partial<MultipathOptions>) {
    const paths = yield* twoPaths(core, options);
    for (const { sdev } of [paths.one, paths.two]) yield* set_transport(sdev.nexus, { host: DID_TRANSPORT_DISRUPTED });
    const read: { result?: string } = {};
    currentMachine().spawn('reader', function* () {
      read.result = (yield* transferDisk(paths.dm.disk)).result;
    });
    yield* settle();
    yield* msleep(2_000);
    return { ...paths, read };
  };

  it('fails by default', () => {
    const { value } = scsiRun(function* (core) {
      const { read, dm } = yield* allGone(core, {});
      return [read.result, yield* letters(dm)];
    });
    expect(value).toEqual(['EIO', 'F1 F1']);
  });

  it('waits with queue_if_no_path, for a reinstated path and nothing else', () => {
    const { value } = scsiRun(function* (core) {
      const { read, dm, one, two } = yield* allGone(core, { queueIfNoPath: true });
      const seen = [read.result];
      for (const { sdev } of [one, two]) yield* set_transport(sdev.nexus, null);
      yield* sysfs_write(one.sdev.sdev_gendev.kobj, 'state', 'offline\n');
      yield* sysfs_write(one.sdev.sdev_gendev.kobj, 'state', 'running\n');
      yield* msleep(2_000);
      seen.push(read.result);
      yield* dm_message(dm, { kind: 'reinstate_path', path: 'sdb' });
      yield* settle();
      return [...seen, read.result, yield* letters(dm)];
    });
    expect(value).toEqual([undefined, undefined, 'ok', 'F1 A1']);
  });

  it('and fails after all with fail_if_no_path', () => {
    const { value } = scsiRun(function* (core) {
      const { read, dm } = yield* allGone(core, { queueIfNoPath: true });
      yield* dm_message(dm, { kind: 'fail_if_no_path' });
      yield* settle();
      return read.result;
    });
    expect(value).toBe('EIO');
  });
});

it('with the handler a group is activated before it is used, so its states are known and a standby is left', () => {
  const { value } = scsiRun(function* (core) {
    loadAlua(core);
    const attached: Attached[] = [];
    for (const nexus of lioPaths([0, 0])) attached.push(yield* attach(core, nexus));
    const [one, two] = attached;
    if (one === undefined || two === undefined) throw new Error('no paths');
    yield* msleep(100);
    const dm = yield* dm_create({ name: 'dm-0', hwHandler: 'alua' }, [[dmPathOf(one.sdev)], [dmPathOf(two.sdev)]]);
    const first = (yield* transferDisk(dm.disk)).result;
    yield* change_group(one.sdev.nexus.unit, 1, { state: 2 });
    const second = (yield* transferDisk(dm.disk)).result;
    yield* msleep(1_000);
    const third = (yield* transferDisk(dm.disk)).result;
    return { results: [first, second, third], paths: yield* letters(dm), byte: one.sdev.access_state };
  });
  expect(value).toEqual({ results: ['ok', 'ok', 'ok'], paths: 'F1 | A0', byte: 2 });
});
