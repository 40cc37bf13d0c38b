// SPDX-License-Identifier: GPL-2.0-only

const SECTORS_PER_MIB = 2_048;

/** A disk's `size` attribute, in sectors of 512 bytes, as MiB; null when it cannot be read. */
export const sizeMiBOf = (sectors: string | undefined): number | null =>
  sectors === undefined ? null : Number(sectors) / SECTORS_PER_MIB;
