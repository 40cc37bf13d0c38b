// SPDX-License-Identifier: GPL-2.0-only
import { be16, be32, u8, type Bytes } from '../bytes.js';

/** One target port group of the report. */
export interface GroupDescriptor {
  /** First byte as it came: preferred bit, reserved bits, access state. */
  readonly byte: number;
  readonly supported: number;
  readonly groupId: number;
}

export interface RtpgReport {
  readonly groups: readonly GroupDescriptor[];
  /** Implicit transition time of the extended header, in seconds; 0: none given. */
  readonly transitionSeconds: number;
  /** Memory behind the buffer was read. */
  readonly outOfBounds: boolean;
}

const LENGTH_FIELD = 4;
const RTPG_FMT_MASK = 0x70;
const RTPG_FMT_EXT_HDR = 0x10;
const DESCRIPTOR = 8;

/**
 * Length of the report as its first bytes claim, these included, in the kernel's arithmetic: it wraps at
 * 2^32, and from 2^31 on it is negative.
 */
export const rtpgLength = (data: Bytes): number => (be32(data, 0) + LENGTH_FIELD) | 0;

/**
 * Walks the descriptors as far as the claimed length goes, which the caller has made sure is no more
 * than the buffer. A descriptor that begins before that end is read whole; each says by its port count
 * where the next one begins.
 * Kernel: the parsing of alua_rtpg(), all versions. Pure.
 * @param bufferBytes size of the kernel's buffer; what the device did not send is 0
 */
export const parseRtpg = (data: Bytes, bufferBytes: number): RtpgReport => {
  const length = rtpgLength(data);
  const extended = (u8(data, 4) & RTPG_FMT_MASK) === RTPG_FMT_EXT_HDR;
  const groups: GroupDescriptor[] = [];
  let outOfBounds = false;
  for (let at = extended ? 8 : LENGTH_FIELD; at < length;) {
    outOfBounds ||= at + DESCRIPTOR > bufferBytes;
    groups.push({ byte: u8(data, at), supported: u8(data, at + 1), groupId: be16(data, at + 2) });
    at += DESCRIPTOR + u8(data, at + 7) * 4;
  }
  return { groups, transitionSeconds: extended ? u8(data, 5) : 0, outOfBounds };
};
