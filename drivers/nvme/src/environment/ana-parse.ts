// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, WARN_ON_ONCE, type Steps } from '@libmultipath/driver-kit';
import { ANA_DESCRIPTOR_BYTES, ANA_HEADER_BYTES } from './ana-log.js';
import { NVME_ANA_CHANGE } from './constants.js';

/** Kernel: struct nvme_ana_group_desc. */
export interface nvme_ana_group_desc {
  readonly grpid: number;
  readonly state: number;
  readonly nnsids: number;
  /** Reads the n-th id from the page; 0 behind its end. */
  readonly nsid: (n: number) => number;
  /** First byte of the page behind the n-th id. */
  readonly end: (n: number) => number;
}

/** A read log page: what the buffer holds, and what the parser knows of it. */
export interface AnaLog {
  readonly bytes: readonly number[];
  /** `ctrl->ana_log_size`: bytes of the buffer that count. */
  readonly sizeBytes: number;
  readonly anagrpmax: number;
}

/** Part of a kernel: do so many bytes from an offset on lie outside of the log? Pure. */
export type AnaBounds = (offset: number, bytes: number, sizeBytes: number) => boolean;

const SIZE_T = 2n ** 64n;

/**
 * The subtraction is of unsigned numbers: where a size exceeds the whole log, it wraps, the test passes,
 * and the parser goes on behind the buffer. Part of nvme_parse_ana_log(), 6.1.
 */
export const ana_bounds_6_1: AnaBounds = (offset, bytes, sizeBytes) =>
  BigInt(offset) > (BigInt(sizeBytes) - BigInt(bytes) + SIZE_T) % SIZE_T;

/** Part of nvme_parse_ana_log(), 7.3. */
export const ana_bounds_7_3: AnaBounds = (offset, bytes, sizeBytes) => offset > sizeBytes || bytes > sizeBytes - offset;

const le = (bytes: readonly number[], at: number, width: number): number => {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
};

const NSID_BYTES = 4;

const describe = (bytes: readonly number[], at: number): nvme_ana_group_desc => {
  const idAt = (n: number): number => at + ANA_DESCRIPTOR_BYTES + NSID_BYTES * n;
  return {
    grpid: le(bytes, at, 4),
    nnsids: le(bytes, at + 4, 4),
    state: bytes[at + 16] ?? 0,
    nsid: (n) => le(bytes, idAt(n), NSID_BYTES),
    end: (n) => idAt(n + 1),
  };
};

const bad = (what: boolean, text: string): boolean => WARN_ON_ONCE(what, `nvme_parse_ana_log: ${text}`);

/** Groups that the header claims. */
export const anaGroupCount = ({ bytes }: AnaLog): number => le(bytes, 8, 2);

/**
 * Hands each group to `each`, in order. The first bad descriptor ends it: those before it have been
 * handed on already.
 * Kernel: nvme_parse_ana_log(), all versions. Context: may sleep, `ctrl->ana_lock` held.
 * @param each 0: go on; else the result
 * @returns 0, -EINVAL, or what `each` gave
 */
export const nvme_parse_ana_log = kfn(
  'nvme_parse_ana_log',
  function* (log: AnaLog, outside: AnaBounds, each: (desc: nvme_ana_group_desc) => Steps<number>): Steps<number> {
    const { bytes, sizeBytes, anagrpmax } = log;
    let offset = ANA_HEADER_BYTES;
    for (let i = 0; i < anaGroupCount(log); i++) {
      if (bad(outside(offset, ANA_DESCRIPTOR_BYTES, sizeBytes), 'a descriptor ends beyond the log')) return -E.EINVAL;
      const desc = describe(bytes, offset);
      if (bad(desc.grpid === 0, 'group 0')) return -E.EINVAL;
      if (bad(desc.grpid > anagrpmax, 'a group above ANAGRPMAX')) return -E.EINVAL;
      if (bad(desc.state === 0, 'state 0')) return -E.EINVAL;
      if (bad(desc.state > NVME_ANA_CHANGE, 'a state above 15')) return -E.EINVAL;
      offset += ANA_DESCRIPTOR_BYTES;
      const nsidBytes = NSID_BYTES * desc.nnsids;
      if (bad(outside(offset, nsidBytes, sizeBytes), 'namespace ids end beyond the log')) return -E.EINVAL;
      const error = yield* each(desc);
      if (error !== 0) return error;
      offset += nsidBytes;
    }
    return 0;
  },
);
