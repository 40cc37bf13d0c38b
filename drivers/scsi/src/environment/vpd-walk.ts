// SPDX-License-Identifier: GPL-2.0-only
import { u8, type Bytes } from './bytes.js';

/**
 * A VPD page as the kernel keeps it. `len` is what the page's header claims, header included; `data`
 * holds what the device sent, which may be less.
 * Kernel: struct scsi_vpd.
 */
export interface VpdPage {
  readonly len: number;
  readonly data: Bytes;
}

const HEADER = 4;

/** A designator of page 0x83, and where it starts. It may end beyond the page, and begin its header there. */
export interface Designator {
  readonly at: number;
  readonly type: number;
  readonly length: number;
}

/**
 * The designators of page 0x83 in the order of the page. The kernel believes each length byte: a
 * designator that starts before the end of the page counts, wherever it ends.
 * Kernel: the loop of scsi_vpd_lun_id() and scsi_vpd_tpg_id(), all versions.
 */
export const designatorsOf = ({ len, data }: VpdPage): Designator[] => {
  const found: Designator[] = [];
  for (let at = HEADER; at < len;) {
    const length = u8(data, at + 3);
    found.push({ at, type: u8(data, at + 1) & 0xf, length });
    at += HEADER + length;
  }
  return found;
};

/** Does a read of `count` bytes of the designator, from its start, leave the page? */
export const readsBeyond = (page: VpdPage, { at }: Designator, count: number): boolean => at + count > page.len;

/** Length of a designator's header. */
export const DESIGNATOR_HEADER = HEADER;
