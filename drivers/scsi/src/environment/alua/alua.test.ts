// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  HZ,
  jiffies,
  msleep,
  settle,
  sysfs_read,
  sysfs_write,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { environment_6_1, environment_6_12, environment_7_3 } from '../../kernels.js';
import { attach, lioPaths, scsiDebugPaths, type Attached } from '../../testing/arrays.js';
import { transferBlock } from '../../testing/read-block.js';
import { scsiRun } from '../../testing/scsi-run.js';
import { scsi_remove_host } from '../add-host.js';
import { scsi_dh_activate } from '../dh.js';
import { LunNexus } from '../hardware/lun-nexus.js';
import { change_group } from '../hardware/set-groups.js';
import type { scsi_core } from '../scsi-core.js';
import type { scsi_device } from '../scsi-device.js';
import { DID_NO_CONNECT } from '../status-codes.js';
import { loadAlua } from './handler.js';

const show = (sdev: scsi_device, name: string): Steps<string | number> => sysfs_read(sdev.sdev_gendev.kobj, name);
const rescan = (sdev: scsi_device): Steps<number> => sysfs_write(sdev.sdev_gendev.kobj, 'rescan', '1\n');

/** The handler first, then a host for each path; what the scan started has ended. */
function* withHandler(core: scsi_core, paths: readonly LunNexus[]): Steps<Attached[]> {
  loadAlua(core);
  const attached: Attached[] = [];
  for (const nexus of paths) attached.push(yield* attach(core, nexus));
  yield* msleep(100);
  yield* settle();
  return attached;
}

function* states(attached: readonly Attached[]): Steps<string[]> {
  const seen: string[] = [];
  for (const { sdev } of attached) seen.push(String(yield* show(sdev, 'access_state')).trim());
  return seen;
}

describe('the state after a scan', () => {
  const afterScan = function* (core: scsi_core): Steps<string[][]> {
    const attached = yield* withHandler(core, scsiDebugPaths(4));
    const first = yield* states(attached);
    for (const { sdev } of attached) yield* rescan(sdev);
    yield* msleep(100);
    return [first, yield* states(attached)];
  };
  const truth = ['active/optimized', 'active/non-optimized', 'standby', 'active/optimized'];

  it.each([
    ['6.12', environment_6_12],
    ['7.3', environment_7_3],
  ])('%s: no RTPG while attaching, so everything looks optimized until a rescan', (_name, parts) => {
    const { value, reports } = scsiRun(afterScan, parts);
    expect(value).toEqual([truth.map(() => 'active/optimized'), truth]);
    expect(reports.map(({ message }) => message)).toEqual([]);
  });

  it('6.1: right from the start', () => {
    expect(scsiRun(afterScan, environment_6_1).value).toEqual([truth, truth]);
  });
});

it('a change of the target is noticed by the next command on that group, within a second', () => {
  const { value } = scsiRun(function* (core) {
    const nexuses = lioPaths([0, 0]);
    const attached = yield* withHandler(core, nexuses);
    const [one, two] = attached;
    if (one === undefined || two === undefined) throw new Error('no paths');
    yield* change_group(one.sdev.nexus.unit, 1, { state: 1 });
    yield* msleep(5_000);
    const quiet = yield* states(attached);
    yield* transferBlock(two.sdev);
    yield* msleep(1_000);
    const other = yield* states(attached);
    const { result } = yield* transferBlock(one.sdev);
    yield* msleep(1_000);
    return { quiet, other, result, told: yield* states(attached) };
  });
  const before = ['active/optimized', 'active/optimized'];
  expect(value).toEqual({
    quiet: before,
    other: before,
    result: 'ok',
    told: ['active/non-optimized', 'active/optimized'],
  });
});

it('once a group is standby its reads never reach the target, so its return is not noticed; a rescan heals', () => {
  const { value } = scsiRun(function* (core) {
    const attached = yield* withHandler(core, lioPaths([0]));
    const [path] = attached;
    if (path === undefined) throw new Error('no path');
    const { sdev } = path;
    const results: string[] = [];
    const read = function* (): Steps<void> {
      results.push((yield* transferBlock(sdev)).result);
      yield* msleep(1_000);
    };
    yield* change_group(sdev.nexus.unit, 1, { state: 2 });
    yield* read();
    yield* read();
    yield* change_group(sdev.nexus.unit, 1, { state: 0 });
    for (let n = 0; n < 10; n++) yield* read();
    const trapped = yield* states(attached);
    yield* rescan(sdev);
    yield* msleep(1_000);
    const healed = yield* states(attached);
    yield* read();
    return { results, trapped, healed };
  });
  expect(value.trapped).toEqual(['standby']);
  expect(value.healed).toEqual(['active/optimized']);
  expect(value.results.slice(0, -1)).toEqual(Array.from({ length: 12 }, () => 'EIO'));
  expect(value.results.at(-1)).toBe('ok');
});

it('the preferred bit comes with the next report and stays in the byte', () => {
  const { value } = scsiRun(function* (core) {
    const attached = yield* withHandler(core, lioPaths([0]));
    const [path] = attached;
    if (path === undefined) throw new Error('no path');
    const { sdev } = path;
    yield* change_group(sdev.nexus.unit, 1, { preferred: true });
    yield* transferBlock(sdev);
    yield* msleep(1_000);
    const unseen = yield* show(sdev, 'preferred_path');
    yield* change_group(sdev.nexus.unit, 1, { state: 1 });
    yield* transferBlock(sdev);
    yield* msleep(1_000);
    return {
      unseen,
      byte: sdev.access_state,
      state: yield* show(sdev, 'access_state'),
      preferred: yield* show(sdev, 'preferred_path'),
    };
  });
  expect(value).toEqual({ unseen: '0\n', byte: 0x81, state: 'active/non-optimized\n', preferred: '1\n' });
});

describe('a long transition', () => {
  const transition = function* (core: scsi_core): Steps<Record<string, unknown>> {
    const [path] = yield* withHandler(core, lioPaths([0], { transitionSeconds: 5 }));
    if (path === undefined) throw new Error('no path');
    const { sdev } = path;
    yield* rescan(sdev);
    yield* msleep(1_000);
    yield* change_group(sdev.nexus.unit, 1, { state: 15 });
    const reader: { result?: string; atS?: number } = {};
    const start = yield* jiffies();
    currentMachine().spawn('reader', function* () {
      reader.result = (yield* transferBlock(sdev)).result;
      reader.atS = Math.round(((yield* jiffies()) - start) / HZ);
    });
    yield* msleep(30_000);
    const during = yield* show(sdev, 'access_state');
    yield* change_group(sdev.nexus.unit, 1, { state: 0 });
    yield* msleep(5_000);
    return { during, after: yield* show(sdev, 'access_state'), result: reader.result, soon: (reader.atS ?? 99) <= 33 };
  };

  it('lasts as long as TEST UNIT READY is answered so, and its end is seen within two seconds', () => {
    const { value } = scsiRun(transition);
    expect(value).toEqual({ during: 'transitioning\n', after: 'active/optimized\n', result: 'ok', soon: true });
  });

  it('ends in standby when the time is over and the target still reports it, though it is ready', () => {
    const { value } = scsiRun(function* (core) {
      // Announced, not enforced: TEST UNIT READY succeeds.
      const attached = yield* withHandler(core, lioPaths([15], { transitionSeconds: 5, enforces: false }));
      for (const { sdev } of attached) yield* rescan(sdev);
      yield* msleep(2_000);
      const early = yield* states(attached);
      yield* msleep(8_000);
      return { early, late: yield* states(attached) };
    });
    expect(value).toEqual({ early: ['transitioning'], late: ['standby'] });
  });
});

it('another path is asked when the first has no connection', () => {
  const { value, log } = scsiRun(function* (core) {
    const nexuses = lioPaths([0]);
    const [first] = nexuses;
    if (first === undefined) throw new Error('no path');
    const second = new LunNexus(first.unit, 1, first.identity);
    const attached = yield* withHandler(core, [first, second]);
    first.transport = { host: DID_NO_CONNECT };
    yield* change_group(first.unit, 1, { state: 1 });
    const [one] = attached;
    if (one === undefined) throw new Error('no path');
    yield* scsi_dh_activate(one.sdev, null);
    yield* msleep(1_000);
    return yield* states(attached);
  });
  expect(value).toEqual(['active/non-optimized', 'active/non-optimized']);
  expect(log.some((line) => line.endsWith('rtpg retry on different device'))).toBe(true);
});

it('an activation asks an explicit target for the group, an implicit one only for its states', () => {
  const activate = (tpgs: number): string[] =>
    scsiRun(function* (core) {
      const attached = yield* withHandler(core, lioPaths([2], { tpgs }));
      for (const { sdev } of attached) yield* rescan(sdev);
      yield* msleep(500);
      let told = -1;
      for (const { sdev } of attached) {
        yield* scsi_dh_activate(sdev, function* (error) {
          told = error;
        });
      }
      yield* msleep(5_000);
      return [...(yield* states(attached)), String(told)];
    }).value;
  expect(activate(3)).toEqual(['active/optimized', '0']);
  expect(activate(1)).toEqual(['standby', '0']);
});

it('a path whose group is unavailable has no size when it is probed, and gets it with a rescan', () => {
  const { value } = scsiRun(function* (core) {
    const [path] = yield* withHandler(core, lioPaths([3]));
    const [standby] = yield* withHandler(core, lioPaths([2]));
    if (path === undefined || standby === undefined) throw new Error('no path');
    const size = (sdev: scsi_device) => sdev.sdkp?.disk.part0.bd_nr_sectors;
    const sizes = [size(path.sdev), size(standby.sdev)];
    yield* change_group(path.sdev.nexus.unit, 1, { state: 0 });
    yield* rescan(path.sdev);
    return [...sizes, size(path.sdev)];
  });
  expect(value).toEqual([0, 65_536, 65_536]);
});

it('groups, handler data and devices go with the last path', () => {
  const { value, reports } = scsiRun(function* (core) {
    const attached = yield* withHandler(core, lioPaths([0, 1]));
    for (const { sdev } of attached) yield* rescan(sdev);
    yield* msleep(100);
    for (const { shost } of attached) yield* scsi_remove_host(shost);
    yield* msleep(100);
    return core.port_group_list.next === core.port_group_list;
  });
  expect(value).toBe(true);
  expect(reports.map(({ message }) => message)).toEqual([]);
});
