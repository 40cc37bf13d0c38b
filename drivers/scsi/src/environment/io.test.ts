// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { transferBlock } from '../testing/read-block.js';
import { scsiRun } from '../testing/scsi-run.js';
import { scsi_remove_host } from './add-host.js';

test('a disk appears with its size, takes what is written, and goes without a trace', () => {
  const { value, reports } = scsiRun(function* (core) {
    const { shost, sdev } = yield* attach(core, qemuNexus(plainUnit()));
    const disk = sdev.sdkp?.disk;
    const seen = { name: disk?.disk_name, sectors: disk?.part0.bd_nr_sectors };
    yield* transferBlock(sdev, 'written');
    const read = yield* transferBlock(sdev);
    yield* scsi_remove_host(shost);
    return { ...seen, read };
  });
  expect(value).toMatchObject({ name: 'sda', sectors: 65_536, read: { result: 'ok', data: 'written' } });
  expect(reports.map(({ message }) => message)).toEqual([]);
});
