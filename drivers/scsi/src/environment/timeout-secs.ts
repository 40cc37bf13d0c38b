// SPDX-License-Identifier: GPL-2.0-only
import { E, HZ, kstrtoint } from '@libmultipath/driver-kit';

/**
 * Whatever number the text begins with, in jiffies that wrap; every text is taken, and one that begins with none is not
 * modelled (the kernel then sets what its stack held). Kernel: sdev_store_timeout(), 6.1 and 6.12. Pure.
 */
export const timeout_secs_6_1 = (buf: string): number => {
  const [number = '0'] = /^\s*[+-]?\d+/.exec(buf) ?? [];
  return Math.floor((Math.imul(Number(number), HZ) >>> 0) / HZ);
};

/** A number above nought, in the base that it says. Kernel: sdev_store_timeout(), 7.3. Pure. @returns seconds or -errno */
export const timeout_secs_7_3 = (buf: string): number => {
  const { error, value } = kstrtoint(buf);
  if (error !== 0) return error;
  return value <= 0 ? -E.EINVAL : value;
};
