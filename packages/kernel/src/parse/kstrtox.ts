// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';

const ULLONG_MAX = 0xffffffffffffffffn;
const LLONG_MAX = 0x7fffffffffffffffn;
const UINT_MAX = 0xffffffffn;
const INT_MAX = 0x7fffffffn;
const INT_MIN = -0x80000000n;

const NEWLINE = '\n';

/** A C string: what comes after a NUL is not there. */
const cString = (buf: string): string => {
  const end = buf.indexOf('\0');
  return end === -1 ? buf : buf.slice(0, end);
};

/** Kernel: _parse_integer_fixup_radix(): of base 0, `0x` before a digit is 16, else a leading 0 is 8. */
const radixOf = (text: string, base: number): number => {
  if (base !== 0) return base;
  if (!text.startsWith('0')) return 10;
  return /^0x[0-9a-f]/i.test(text) ? 16 : 8;
};

/** Value of a digit, whatever the base; 36 and more: none. */
const digitOf = (character: string): number => {
  const value = Number.parseInt(character, 36);
  return Number.isNaN(value) ? 36 : value;
};

/**
 * Digits, then at most one newline, then the end.
 * Kernel: _kstrtoull(). An overflow counts before what follows the digits does.
 * @returns the value, or -EINVAL, -ERANGE
 */
const parse = (text: string, base: number): bigint => {
  const radix = radixOf(text, base);
  let at = radix === 16 && /^0x/i.test(text) ? 2 : 0;
  const first = at;
  let value = 0n;
  for (; at < text.length; at++) {
    const digit = digitOf(text.charAt(at));
    if (digit >= radix) break;
    value = value * BigInt(radix) + BigInt(digit);
  }
  if (value > ULLONG_MAX) return -BigInt(E.ERANGE);
  if (at === first) return -BigInt(E.EINVAL);
  if (text[at] === NEWLINE) at++;
  return at === text.length ? value : -BigInt(E.EINVAL);
};

/** One `+` is allowed. @returns as {@link parse} */
const unsigned = (buf: string, base: number): bigint => {
  const text = cString(buf);
  return parse(text.startsWith('+') ? text.slice(1) : text, base);
};

/** Kernel: kstrtoll(): one `-` or `+`. */
const signed = (buf: string, base: number): { readonly error: number } | { readonly value: bigint } => {
  const text = cString(buf);
  const negative = text.startsWith('-');
  const magnitude = negative ? parse(text.slice(1), base) : unsigned(text, base);
  if (magnitude < 0n) return { error: Number(magnitude) };
  if (magnitude > LLONG_MAX + (negative ? 1n : 0n)) return { error: -E.ERANGE };
  return { value: negative ? -magnitude : magnitude };
};

/**
 * An unsigned int as a sysfs store parses one: one optional `+`, no other sign, no space, one
 * optional newline at the end; with base 0 decimal, `0x` hexadecimal or `0` octal.
 * Kernel: kstrtouint(buf, base, &value).
 * @returns the value, or -EINVAL, -ERANGE
 */
export const kstrtouint = (buf: string, base = 0): number => {
  const value = unsigned(buf, base);
  return value > UINT_MAX ? -E.ERANGE : Number(value);
};

/** Kernel: kstrtoull(). As kstrtouint(), of 64 bits. @returns the value, or -EINVAL, -ERANGE */
export const kstrtoull = (buf: string, base = 0): bigint => unsigned(buf, base);

/** Kernel: kstrtoint(): as kstrtouint(), with a `-` perhaps. @returns what the kernel returns and what it stores */
export const kstrtoint = (buf: string, base = 0): { readonly error: number; readonly value: number } => {
  const parsed = signed(buf, base);
  if ('error' in parsed) return { error: parsed.error, value: 0 };
  const { value } = parsed;
  return value > INT_MAX || value < INT_MIN ? { error: -E.ERANGE, value: 0 } : { error: 0, value: Number(value) };
};

/**
 * By its first character, of `on` and `off` the second; what follows does not matter.
 * Kernel: kstrtobool(), with the `e` and `d` of enable and disable, which newer kernels take.
 * @returns the value, or -EINVAL
 */
export const kstrtobool = (buf: string): boolean | number => {
  const text = cString(buf).toLowerCase();
  if (/^(?:[eyt1]|on)/.test(text)) return true;
  return /^(?:[dnf0]|of)/.test(text) ? false : -E.EINVAL;
};
