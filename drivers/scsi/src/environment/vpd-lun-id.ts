// SPDX-License-Identifier: GPL-2.0-only
import { E } from '@libmultipath/driver-kit';
import { hexOf, latin1, slice } from './bytes.js';
import { escapeText } from './escape.js';
import { DESIGNATOR_HEADER, designatorsOf, readsBeyond, type Designator, type VpdPage } from './vpd-walk.js';
import {
  designatorRank,
  DESIGNATOR_EUI64,
  DESIGNATOR_NAA,
  DESIGNATOR_NAME,
  DESIGNATOR_T10,
  RANK_TRUNCATED_NAME,
} from './vpd-rank.js';

/** Size of `vpd_id`, `device_id_str` and the like. */
export const DEVICE_ID_SIZE = 256;
const MIN_BUFFER = 21;

/** What scsi_vpd_lun_id() leaves behind. */
export interface LunId {
  /** Length of the identification as returned, or -errno; it may be more than the buffer holds. */
  readonly size: number;
  /** The buffer, one character a byte, all of it. */
  readonly buffer: string;
  /** Memory behind the page was read: KASAN would say slab-out-of-bounds. */
  readonly outOfBounds: boolean;
}

/** The id buffer, as snprintf() and memcpy() write to it: what is longer is cut, nothing behind is cleared. */
class IdBuffer {
  private readonly chars: string[];

  constructor(readonly size: number) {
    this.chars = Array.from({ length: size }, () => '\0');
  }

  /** Kernel: snprintf(): with a terminator. @returns the length it would have had */
  print(text: string): number {
    this.copy(text.slice(0, this.size - 1) + '\0');
    return text.length;
  }

  /** Kernel: memcpy(): without one. */
  copy(text: string): void {
    for (const [i, char] of Array.from(text).entries()) this.chars[i] = char;
  }

  toString(): string {
    return this.chars.join('');
  }
}

/** The choice so far, while the designators are walked. */
class Choice {
  size: number = -E.EINVAL;
  outOfBounds = false;
  private rank = 0;
  private length = 0;

  constructor(
    private readonly page: VpdPage,
    private readonly id: IdBuffer,
  ) {}

  consider(one: Designator): void {
    this.outOfBounds ||= readsBeyond(this.page, one, DESIGNATOR_HEADER);
    const rank = designatorRank(this.page.data, one.at);
    if (rank === 0 || this.rank > rank) return;
    if (one.type === DESIGNATOR_T10) this.t10(one, rank);
    else if (one.type === DESIGNATOR_EUI64) this.binary(one, rank, 'eui', [8, 12, 16]);
    else if (one.type === DESIGNATOR_NAA) this.binary(one, rank, 'naa', [8, 16]);
    else if (one.type === DESIGNATOR_NAME) this.name(one, rank);
  }

  private payload(one: Designator, length: number): number[] {
    this.outOfBounds ||= readsBeyond(this.page, one, DESIGNATOR_HEADER + length);
    return slice(this.page.data, one.at + DESIGNATOR_HEADER, length);
  }

  /** Never replaces a longer one. */
  private t10(one: Designator, rank: number): void {
    if (this.length > one.length) return;
    this.rank = rank;
    this.length = Math.min(one.length, this.id.size - 4);
    this.size = this.id.print(`t10.${escapeText(this.payload(one, this.length))}`);
  }

  /** One of a wrong length takes over rank and length, and leaves the text that was there. */
  private binary(one: Designator, rank: number, prefix: string, lengths: readonly number[]): void {
    this.rank = rank;
    this.length = one.length;
    if (lengths.includes(one.length)) this.size = this.id.print(`${prefix}.${hexOf(this.payload(one, one.length))}`);
  }

  /** Never replaces a longer one; copied without a terminator over what was there. */
  private name(one: Designator, rank: number): void {
    if (this.length > one.length) return;
    const own = one.length > this.id.size ? RANK_TRUNCATED_NAME : rank;
    if (this.rank > own) return;
    this.rank = own;
    this.size = one.length;
    this.length = one.length >= this.id.size ? this.id.size - 1 : one.length;
    this.id.copy(latin1(this.payload(one, this.length)));
  }
}

/**
 * The identification of a logical unit, from its page 0x83.
 * Kernel: scsi_vpd_lun_id(), all versions. Pure.
 * @param page null: the device has no such page
 * @param sizeBytes of the caller's buffer
 */
export const vpdLunId = (page: VpdPage | null, sizeBytes: number = DEVICE_ID_SIZE): LunId => {
  if (page === null) return { size: -E.ENXIO, buffer: '', outOfBounds: false };
  if (sizeBytes < MIN_BUFFER) return { size: -E.EINVAL, buffer: '', outOfBounds: false };
  const id = new IdBuffer(sizeBytes);
  const choice = new Choice(page, id);
  for (const one of designatorsOf(page)) choice.consider(one);
  return { size: choice.size, buffer: id.toString(), outOfBounds: choice.outOfBounds };
};

/** A C string of a buffer: up to its first NUL. */
export const cString = (buffer: string): string => {
  const end = buffer.indexOf('\0');
  return end === -1 ? buffer : buffer.slice(0, end);
};

/**
 * What devices are grouped by: the C string of the 256-byte buffer, with the tail of a longer text
 * that stood there before. `undefined`: not to be grouped.
 */
export const groupingKey = (page: VpdPage | null): string | undefined => {
  const { size, buffer } = vpdLunId(page);
  return size <= 0 ? undefined : cString(buffer);
};

/**
 * What the attribute `wwid` shows: exactly the returned length, of a buffer of one memory page.
 * Kernel: sdev_show_wwid(), all versions. @returns the text with its newline, or -errno
 */
export const wwidText = (page: VpdPage | null): string | number => {
  const { size, buffer } = vpdLunId(page, 4096);
  return size > 0 ? `${buffer.slice(0, size)}\n` : size;
};
