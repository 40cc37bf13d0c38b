// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { ioctls, ioctlText, type Ioctl } from '../../vocabulary/ioctls.js';
import { bytesOf, numbersIn } from './ioctl.js';

/** Length of the structure that an ioctl's number names: its bits 16 to 29; 0: it names none. */
const sizeIn = (request: number): number => (request >>> 16) & 0x3fff;

const withStructure = Object.entries<Ioctl>(ioctls).filter(
  ([, { request, fields }]) => sizeIn(request) > 0 && fields(1).length > 0,
);

test.each(withStructure)('the structure of %s is as long as its number says', (_name, { request, fields }) => {
  expect(bytesOf(fields(1))).toHaveLength(2 * sizeIn(request));
});

test('fields are written little endian, one after the other', () => {
  expect(
    bytesOf([
      [1, 0x9c],
      [2, 0x1234],
      [4, 1],
      [8, 2 ** 40],
    ]),
  ).toBe('9c3412010000000000000000010000');
});

test('a flush names the namespace, an admin command none', () => {
  expect(bytesOf(ioctls.flush.fields(3)).slice(0, 16)).toBe('0000000003000000');
  expect(bytesOf(ioctls['get-features'].fields(3)).slice(0, 16)).toBe('0a00000000000000');
  expect(ioctls['flush-elsewhere'].argument(3)).toMatchObject({ nsid: 4 });
});

test('numbers come out of what the kernel gave back', () => {
  expect(numbersIn('4020200000', ioctls.geometry.gives)).toEqual({ heads: 64, sectors: 32, cylinders: 32 });
});

test('a status is told from success', () => {
  expect([ioctlText(0, {}), ioctlText(0x4001, {}), ioctlText(0, { heads: 64 })]).toEqual([
    'ok',
    '0x4001',
    'ok, heads 64',
  ]);
});
