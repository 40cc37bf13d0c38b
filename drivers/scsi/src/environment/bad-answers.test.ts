// SPDX-License-Identifier: GPL-2.0-only
import { msleep, sysfs_read, sysfs_write } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { designator, lioPage83, standardInquiry, supportedPages, vpdPage } from '../fixtures/vpd-pages.js';
import { attach, lioPaths, plainUnit } from '../testing/arrays.js';
import { scsiRun, type ScsiRun } from '../testing/scsi-run.js';
import { loadAlua } from './alua/handler.js';
import { LunNexus } from './hardware/lun-nexus.js';

const naa5 = designator(1, 3, [0x50, 1, 2, 3, 4, 5, 6, 7]);

/** What `wwid` shows of a device with these pages. */
const wwidOf = (
  pages: readonly (readonly [number, readonly number[]])[],
  listed = [0x00, 0x83],
): ScsiRun<string | number> =>
  scsiRun(function* (core) {
    const inquiry = standardInquiry('QEMU', 'QEMU HARDDISK', '2.5+');
    const vpd = new Map([[0x00, supportedPages(listed)] as const, ...pages]);
    const { sdev } = yield* attach(core, new LunNexus(plainUnit(), undefined, { inquiry, vpd }));
    return yield* sysfs_read(sdev.sdev_gendev.kobj, 'wwid');
  });

describe('page 0x83', () => {
  it.each([
    ['is not listed in page 0', wwidOf([[0x83, vpdPage(0x83, naa5)]], [0x00]).value],
    ['is listed and refused', wwidOf([]).value],
    ['is another page', wwidOf([[0x83, vpdPage(0x80, naa5)]]).value],
    ['is empty', wwidOf([[0x83, vpdPage(0x83, [])]]).value],
  ] as const)('that %s is no page', (_name, value) => {
    expect(value).toBe(-6);
  });

  it('that is cut short counts as long as it claims; what was not sent is zero here', () => {
    const page = vpdPage(0x83, [...naa5, ...designator(0x03, 0x08, [0x69, 0x71, 0x6e, 0x2e, 0x61, 0x62, 0x63, 0x64])]);
    const { value, reports } = wwidOf([[0x83, page.slice(0, -4)]]);
    expect(value).toBe('iqn.\0\0\0\0\n');
    expect(reports).toEqual([]);
  });

  it('whose last designator lies about its length makes the kernel read behind the page', () => {
    const { reports } = wwidOf([[0x83, vpdPage(0x83, [...naa5, 0x03, 0x08, 0x00, 0xff])]]);
    expect(reports.map((report) => [report.class, report.message])).toEqual([
      ['out-of-bounds', 'KASAN: slab-out-of-bounds in scsi_vpd_lun_id'],
    ]);
  });

  it('without a target port group keeps the handler from attaching', () => {
    const { value, log } = scsiRun(function* (core) {
      loadAlua(core);
      const vpd = new Map([[0x00, supportedPages([0x00, 0x83])] as const, [0x83, vpdPage(0x83, naa5)] as const]);
      const inquiry = standardInquiry('LIO-ORG', 'fileio_0', '4.0', 1);
      const { sdev } = yield* attach(core, new LunNexus(plainUnit(), undefined, { inquiry, vpd }));
      return yield* sysfs_read(sdev.sdev_gendev.kobj, 'dh_state');
    });
    expect(value).toBe('detached\n');
    expect(log).toContain('scsi 0:0:0:0: alua: No target port descriptors found');
  });
});

it('a path that moves to another group takes its state from there after a rescan', () => {
  const { value } = scsiRun(function* (core) {
    loadAlua(core);
    const [nexus] = lioPaths([0, 1]);
    if (nexus === undefined) throw new Error('no path');
    const { sdev } = yield* attach(core, nexus);
    const page = lioPage83({
      serial: '0123456789abcdef0123456789',
      relativePort: 1,
      groupId: 2,
      target: 'naa.6001405000000001',
    });
    nexus.identity = { ...nexus.identity, vpd: new Map([...nexus.identity.vpd, [0x83, page] as const]) };
    yield* sysfs_write(sdev.sdev_gendev.kobj, 'rescan', '1\n');
    yield* msleep(1_000);
    return yield* sysfs_read(sdev.sdev_gendev.kobj, 'access_state');
  });
  expect(value).toBe('active/non-optimized\n');
});
