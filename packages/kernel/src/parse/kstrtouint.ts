// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';

const UINT_MAX = 0xffffffffn;

/** Digits of each base as `kstrtouint(…, 0, …)` recognises them: prefix 0x, then 0, else decimal. */
const bases: readonly { readonly prefix: RegExp; readonly digits: RegExp; readonly literal: string }[] = [
  { prefix: /^0x(?=[0-9a-f])/i, digits: /^[0-9a-f]+$/i, literal: '0x' },
  { prefix: /^0(?=.)/, digits: /^[0-7]+$/, literal: '0o' },
  { prefix: /^/, digits: /^[0-9]+$/, literal: '' },
];

/**
 * An unsigned int in any base, as a sysfs store parses one: one optional `+`, no other sign, no
 * space, one optional trailing newline.
 *
 * Kernel: `kstrtouint(buf, 0, &value)`. Returns the value, or -EINVAL, -ERANGE.
 */
export const kstrtouint = (buf: string): number => {
  const text = buf.replace(/\n$/, '').replace(/^\+/, '');
  const base = bases.find(({ prefix }) => prefix.test(text));
  const digits = base === undefined ? '' : text.replace(base.prefix, '');
  if (base === undefined || !base.digits.test(digits)) return -E.EINVAL;
  const value = BigInt(`${base.literal}${digits}`);
  return value > UINT_MAX ? -E.ERANGE : Number(value);
};
