// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { E } from '../errno/errno.js';
import { kstrtobool, kstrtoint, kstrtouint, kstrtoull } from './kstrtox.js';

/** By expressions and BigInt, independent of the loop under test. */
const oracle = (text: string): number => {
  const [, sign, hex, octal, decimal, rest] = /^(\+?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))(.*)$/is.exec(text) ?? [];
  if (sign === undefined) return -E.EINVAL;
  const value = BigInt(hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o0${octal.slice(1)}` : (decimal ?? ''));
  if (value >= 2n ** 64n) return -E.ERANGE;
  if (rest !== '' && rest !== '\n') return -E.EINVAL;
  return value >= 2n ** 32n ? -E.ERANGE : Number(value);
};

describe('kstrtouint', () => {
  it.each([
    ['0', 0],
    ['5\n', 5],
    ['0x5', 5],
    ['0X1f\n', 31],
    ['010', 8],
    ['+7', 7],
    ['00', 0],
    ['4294967295', 4294967295],
    ['12\0garbage', 12],
  ])('takes %j', (text, value) => {
    expect(kstrtouint(text)).toBe(value);
  });

  it.each(['', '\n', '-1', 'x', ' 6', '6 ', '0x', '0xg', '08', '++1', '+', '5\n\n', '1e3', '4294967296x', '٣'])(
    'refuses %j with EINVAL',
    (text) => {
      expect(kstrtouint(text)).toBe(-E.EINVAL);
    },
  );

  it('says ERANGE beyond 32 bits, and beyond 64 whatever follows', () => {
    expect(kstrtouint('4294967296')).toBe(-E.ERANGE);
    expect(kstrtouint('0x100000000\n')).toBe(-E.ERANGE);
    expect(kstrtouint('18446744073709551616 junk')).toBe(-E.ERANGE);
  });

  it('reads as the oracle does whatever looks like a number, and whatever does not', () => {
    const characters = fc.constantFrom(...Array.from('0123456789abfxX+- \n\0g'));
    const looksLike = fc.tuple(
      fc.constantFrom('', '+', '-', ' '),
      fc.constantFrom('', '0', '0x', '0X'),
      fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** 66n }).map(String),
        fc.bigInt({ min: 0n, max: 2n ** 66n }).map((n) => n.toString(16)),
      ),
      fc.constantFrom('', '\n', 'x', '\n\n'),
    );
    const text = fc.oneof(
      looksLike.map((parts) => parts.join('')),
      fc.array(characters, { maxLength: 8 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect(kstrtouint(given)).toBe(oracle(given.split('\0', 1)[0] ?? ''));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the base it is told', () => {
    expect([kstrtouint('010', 10), kstrtouint('ff', 16), kstrtouint('0xff', 16), kstrtouint('0xff', 10)]).toEqual([
      10,
      255,
      255,
      -E.EINVAL,
    ]);
  });
});

it('kstrtoull reads 64 bits', () => {
  expect([kstrtoull('18446744073709551615'), kstrtoull('18446744073709551616'), kstrtoull('-1')]).toEqual([
    18446744073709551615n,
    -34n,
    -22n,
  ]);
});

it.each([
  ['-2147483648', 0, -2147483648],
  ['2147483647\n', 0, 2147483647],
  ['+5', 0, 5],
  ['-0x10', 0, -16],
  ['-0', 0, 0],
  ['2147483648', -E.ERANGE, 0],
  ['-2147483649', -E.ERANGE, 0],
  ['9223372036854775808', -E.ERANGE, 0],
  ['-9223372036854775809', -E.ERANGE, 0],
  ['-+5', -E.EINVAL, 0],
  ['--5', -E.EINVAL, 0],
])('kstrtoint reads %j', (text, error, value) => {
  expect(kstrtoint(text)).toEqual({ error, value });
});

it('kstrtobool looks at one character, of on and off at two', () => {
  for (const text of ['y', 'Yes', 't', '1', '1x', 'on', 'oN\n', 'enabled']) expect(kstrtobool(text)).toBe(true);
  for (const text of ['n', 'No', 'false', '0', '01', 'off', 'OF', 'disable']) expect(kstrtobool(text)).toBe(false);
  for (const text of ['', 'o', 'ok', '2', ' 1', '\n']) expect(kstrtobool(text)).toBe(-E.EINVAL);
});
