// SPDX-License-Identifier: GPL-2.0-only
import { sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { attach, LIO_KEY, lioPaths, plainUnit, qemuNexus } from '../testing/arrays.js';
import { scsiRun } from '../testing/scsi-run.js';
import { accessStateName } from './access-states.js';
import { loadAlua } from './alua/handler.js';
import { latin1 } from './bytes.js';
import type { scsi_device } from './scsi-device.js';
import { sd_format_disk_name } from './sd/disk-name.js';

function* all(sdev: scsi_device, names: readonly string[]): Steps<Record<string, string | number>> {
  const seen: Record<string, string | number> = {};
  for (const name of names) seen[name] = yield* sysfs_read(sdev.sdev_gendev.kobj, name);
  return seen;
}

const names = ['type', 'vendor', 'model', 'rev', 'state', 'wwid', 'dh_state', 'access_state', 'preferred_path'];

it('shows a disk with the handler, to the byte', () => {
  const { value } = scsiRun(function* (core) {
    loadAlua(core);
    const [nexus] = lioPaths([0]);
    if (nexus === undefined) throw new Error('no path');
    const { sdev } = yield* attach(core, nexus);
    const page = nexus.identity.vpd.get(0x83) ?? [];
    return { seen: yield* all(sdev, [...names, 'vpd_pg83', 'vpd_pg80', 'inquiry']), page: latin1(page), sdev };
  });
  expect(value.seen).toEqual({
    type: '0\n',
    vendor: 'LIO-ORG \n',
    model: 'fileio_0        \n',
    rev: '4.0 \n',
    state: 'running\n',
    wwid: `${LIO_KEY}\n`,
    dh_state: 'alua\n',
    access_state: 'active/optimized\n',
    preferred_path: '0\n',
    vpd_pg83: value.page,
    vpd_pg80: -2,
    inquiry: expect.stringContaining('LIO-ORG'),
  });
});

it('shows a disk without a handler: no access state', () => {
  const { value } = scsiRun(function* (core) {
    const { sdev } = yield* attach(core, qemuNexus(plainUnit(), '5000c50015ea71ac'));
    return yield* all(sdev, ['wwid', 'dh_state', 'access_state', 'preferred_path']);
  });
  expect(value).toEqual({
    wwid: 'naa.5000c50015ea71ac\n',
    dh_state: 'detached\n',
    access_state: -22,
    preferred_path: -22,
  });
});

it('a byte of any state has a name, the preferred bit apart', () => {
  expect([0, 1, 2, 3, 4, 0x0e, 0x0f, 5, 0x81, 0x72].map(accessStateName)).toEqual([
    'active/optimized',
    'active/non-optimized',
    'standby',
    'unavailable',
    'lba-dependent',
    'offline',
    'transitioning',
    'unknown',
    'active/non-optimized',
    'standby',
  ]);
});

it('letters of disks', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(sd_format_disk_name)).toEqual([
    'sda',
    'sdz',
    'sdaa',
    'sdaz',
    'sdba',
    'sdzz',
    'sdaaa',
  ]);
});
