// SPDX-License-Identifier: GPL-2.0-only
import { u8, type Bytes } from './bytes.js';

/** Kernel: struct scsi_sense_hdr. */
export interface scsi_sense_hdr {
  readonly response_code: number;
  readonly sense_key: number;
  readonly asc: number;
  readonly ascq: number;
  readonly additional_length: number;
}

/** Kernel: SCSI_SENSE_BUFFERSIZE. */
export const SCSI_SENSE_BUFFERSIZE = 96;

/** Kernel: scsi_sense_valid(), of the first byte. */
const isValid = (response_code: number): boolean => (response_code & 0x70) === 0x70;

/**
 * Main parts of sense data, of fixed or of descriptor format.
 * Kernel: scsi_normalize_sense(), all versions. Pure.
 * @returns null when the data is no sense data
 */
export const scsi_normalize_sense = (sense: Bytes): scsi_sense_hdr | null => {
  const response_code = u8(sense, 0) & 0x7f;
  if (sense.length === 0 || !isValid(response_code)) return null;
  if (response_code >= 0x72) {
    return {
      response_code,
      sense_key: u8(sense, 1) & 0xf,
      asc: u8(sense, 2),
      ascq: u8(sense, 3),
      additional_length: u8(sense, 7),
    };
  }
  const length = sense.length > 7 ? Math.min(sense.length, u8(sense, 7) + 8) : 0;
  return {
    response_code,
    sense_key: u8(sense, 2) & 0xf,
    asc: length > 12 ? u8(sense, 12) : 0,
    ascq: length > 13 ? u8(sense, 13) : 0,
    additional_length: 0,
  };
};

/** Kernel: scsi_sense_is_deferred(). */
export const scsi_sense_is_deferred = ({ response_code }: scsi_sense_hdr): boolean =>
  response_code >= 0x70 && (response_code & 1) === 1;

/** Is the sense of this key and these codes? */
export const isSense = (sshdr: scsi_sense_hdr, sense_key: number, asc: number, ascq: number): boolean =>
  sshdr.sense_key === sense_key && sshdr.asc === asc && sshdr.ascq === ascq;

/** Sense data of fixed format, 18 bytes, as devices send it. */
export const fixedSense = (key: number, asc: number, ascq: number): readonly number[] => [
  0x70,
  0,
  key,
  0,
  0,
  0,
  0,
  10,
  0,
  0,
  0,
  0,
  asc,
  ascq,
  0,
  0,
  0,
  0,
];
