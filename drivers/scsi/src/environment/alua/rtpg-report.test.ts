// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBe } from '../bytes.js';
import { parseRtpg, rtpgLength } from './rtpg-report.js';

const BUFFER = 128;
const group = (byte: number, supported: number, id: number, ports: number): number[] => [
  byte,
  supported,
  ...toBe(id, 2),
  0,
  0,
  0,
  ports,
  ...Array.from({ length: ports * 4 }, () => 0),
];
const report = (body: readonly number[]): number[] => [...toBe(body.length, 4), ...body];

it('reads every group, its ports passed by, the first byte as it came', () => {
  const data = report([...group(0x81, 0x0f, 0x100, 1), ...group(0x70, 0x08, 0x180, 2), ...group(0x0f, 0, 7, 0)]);
  expect(parseRtpg(data, BUFFER)).toEqual({
    groups: [
      { byte: 0x81, supported: 0x0f, groupId: 0x100 },
      { byte: 0x70, supported: 0x08, groupId: 0x180 },
      { byte: 0x0f, supported: 0, groupId: 7 },
    ],
    transitionSeconds: 0,
    outOfBounds: false,
  });
});

it('takes a first byte of 1x for the extended header, so a group of such a byte is lost', () => {
  expect(parseRtpg(report([0x10, 30, 0, 0, ...group(0x02, 0x0f, 1, 1)]), BUFFER)).toMatchObject({
    groups: [{ byte: 0x02, groupId: 1 }],
    transitionSeconds: 30,
  });
  const misread = parseRtpg(report(group(0x11, 0x0f, 5, 1)), BUFFER);
  expect(misread.transitionSeconds).toBe(0x0f);
  expect(misread.groups.map(({ groupId }) => groupId)).not.toContain(5);
});

it.each([
  ['nothing sent', [], 4, 0],
  ['empty', report([]), 4, 0],
  ['no whole header', [0, 0], 4, 0],
  ['a length of 2^32 - 1 wraps to 3', [0xff, 0xff, 0xff, 0xff], 3, 0],
  ['a length of 2^31 is negative', [0x80, 0, 0, 0], -(2 ** 31) + 4, 0],
  ['one byte of a descriptor counts as a whole one', [0, 0, 0, 1, 0x02], 5, 1],
  ['a cut descriptor is read as zeroes', [0, 0, 0, 12, 0x02, 0x0f], 16, 2],
] as const)('%s', (_name, data, length, groups) => {
  expect(rtpgLength(data)).toBe(length);
  const parsed = parseRtpg(data, BUFFER);
  expect(parsed.groups).toHaveLength(groups);
  expect(parsed.outOfBounds).toBe(false);
});

it('a descriptor that begins in front of the end of the buffer is read behind it', () => {
  const data = [...toBe(BUFFER - 4, 4), ...Array.from({ length: BUFFER - 4 }, () => 0)];
  const parsed = parseRtpg(data, BUFFER);
  expect(parsed.groups).toHaveLength(16);
  expect(parsed.outOfBounds).toBe(true);
});

it('never throws, and ends, on random bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 200 }), (data) => {
      const length = rtpgLength(data);
      const { groups } = parseRtpg([0, 0, 0, 100, ...data.slice(4)], BUFFER);
      expect(groups.length).toBeLessThanOrEqual(13);
      expect(Number.isInteger(length)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
