// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { E } from '../errno/errno.js';
import { kstrtouint } from './kstrtouint.js';

describe('kstrtouint', () => {
  it.each([
    ['0', 0],
    ['5\n', 5],
    ['0x5', 5],
    ['0X1f\n', 31],
    ['010', 8],
    ['+7', 7],
    ['4294967295', 4294967295],
  ])('takes %j', (text, value) => {
    expect(kstrtouint(text)).toBe(value);
  });

  it.each(['', '\n', '-1', 'x', ' 6', '6 ', '0x', '08', '++1', '5\n\n', '1e3'])('refuses %j with EINVAL', (text) => {
    expect(kstrtouint(text)).toBe(-E.EINVAL);
  });

  it('says ERANGE beyond 32 bits', () => {
    expect(kstrtouint('4294967296')).toBe(-E.ERANGE);
    expect(kstrtouint('0x100000000')).toBe(-E.ERANGE);
  });

  it('reads back every unsigned int in decimal, hexadecimal and octal', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (value) => {
        expect(kstrtouint(String(value))).toBe(value);
        expect(kstrtouint(`0x${value.toString(16)}`)).toBe(value);
        expect(kstrtouint(`0${value.toString(8)}`)).toBe(value);
      }),
    );
  });
});
