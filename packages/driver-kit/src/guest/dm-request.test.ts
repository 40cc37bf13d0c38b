// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeDmAnswer, DM, dmIoctlNumber, encodeDmRequest } from './dm-request.js';

it('numbers the requests as the header of the kernel does', () => {
  expect(dmIoctlNumber(DM.DEV_CREATE).toString(16)).toBe('c138fd03');
  expect(dmIoctlNumber(DM.TARGET_MSG).toString(16)).toBe('c138fd0e');
});

it('puts name, flags and one target where the kernel looks for them', () => {
  const bytes = Buffer.from(
    encodeDmRequest({ name: 'mpath', flags: 1 << 11, table: { sectors: 2_048, target: 'multipath', params: 'a b' } }),
    'hex',
  );
  expect([0, 12, 16, 20, 28].map((at) => bytes.readUInt32LE(at))).toEqual([4, bytes.length, 312, 1, 1 << 11]);
  expect(bytes.toString('latin1', 48, 54)).toBe('mpath\0');
  expect(bytes.readBigUInt64LE(320)).toBe(2_048n);
  expect(bytes.toString('latin1', 336, 346)).toBe('multipath\0');
  expect(bytes.toString('latin1', 352, 356)).toBe('a b\0');
});

it('puts a message behind its sector', () => {
  const bytes = Buffer.from(encodeDmRequest({ name: 'mpath', message: 'fail_if_no_path' }), 'hex');
  expect(bytes.toString('latin1', 320, 336)).toBe('fail_if_no_path\0');
});

it('reads any minor number back', () => {
  fc.assert(
    fc.property(fc.nat(0xfffff), (minor) => {
      const bytes = Buffer.from(encodeDmRequest({ name: 'x' }), 'hex');
      bytes.writeBigUInt64LE(BigInt((minor & 0xff) | (252 << 8)) | (BigInt(minor & 0xfff00) << 12n), 40);
      expect(decodeDmAnswer(bytes.toString('hex')).minor).toBe(minor);
    }),
  );
});
