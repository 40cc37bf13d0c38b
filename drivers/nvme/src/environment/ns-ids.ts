// SPDX-License-Identifier: GPL-2.0-only
import { NVME_CSI_NVM } from './constants.js';

/** Kernel: struct nvme_ns_ids. Identifiers are hexadecimal text; empty: all zeroes, the namespace has none. */
export interface nvme_ns_ids {
  readonly uuid: string;
  /** 16 bytes. */
  readonly nguid: string;
  /** 8 bytes. */
  readonly eui64: string;
  /** Command set. */
  readonly csi: number;
}

/** What the quirk BOGUS_NID leaves of an emulated controller's identifiers. */
export const noIds: nvme_ns_ids = { uuid: '', nguid: '', eui64: '', csi: NVME_CSI_NVM };

/** Kernel: nvme_ns_ids_equal(). Pure. */
export const nvme_ns_ids_equal = (a: nvme_ns_ids, b: nvme_ns_ids): boolean =>
  a.uuid === b.uuid && a.nguid === b.nguid && a.eui64 === b.eui64 && a.csi === b.csi;

/** Have two namespaces an identifier in common? One that is empty is none. The command set is no identifier. Pure. */
export const shareIdentifier = (a: nvme_ns_ids, b: nvme_ns_ids): boolean =>
  (a.uuid !== '' && a.uuid === b.uuid) ||
  (a.nguid !== '' && a.nguid === b.nguid) ||
  (a.eui64 !== '' && a.eui64 === b.eui64);
