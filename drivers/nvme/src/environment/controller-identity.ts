// SPDX-License-Identifier: GPL-2.0-only
import { NVME_CTRL_CMIC_ANA, NVME_CTRL_CMIC_MULTI_CTRL, NVME_CTRL_OACS_NS_MNGT_SUPP } from './constants.js';

/** In the place of `firmware_rev`, which is another one with each emulator. */
export const FIRMWARE = '<8 characters>\n';

/** What Identify Controller says for people to read, padded with spaces as the device has it. */
export interface ControllerTexts {
  /** PCI vendor. */
  readonly vendorId: number;
  /** 20 characters. */
  readonly serial: string;
  /** 40 characters. */
  readonly model: string;
}

/** QEMU's, with the serial number that the machine is given. */
export const emulatedTexts: ControllerTexts = {
  vendorId: 0x1b36,
  serial: 'libmultipath'.padEnd(20),
  model: 'QEMU NVMe Ctrl'.padEnd(40),
};

/** The target's in the guest, which has no vendor. */
export const targetTexts: ControllerTexts = { vendorId: 0, serial: emulatedTexts.serial, model: 'Linux'.padEnd(40) };

/** What Identify Controller says, as far as multipath asks. */
export interface ControllerIdentity {
  /** Undefined: given by the subsystem, never twice. */
  readonly cntlid?: number;
  readonly cmic: number;
  readonly oacs: number;
  readonly ctratt: number;
  /** Highest namespace id. */
  readonly nn: number;
  /** Namespaces there may be: 0 where there is no ANA. */
  readonly mnan: number;
  /** Seconds within which a group leaves the state change. */
  readonly anatt: number;
  readonly anagrpmax: number;
  readonly nanagrpid: number;
  /** Largest transfer. */
  readonly mdtsBytes: number;
  /** CRDT1 to CRDT3: how long a command that is to be retried with delay waits, in 100 ms. Absent: no delay. */
  readonly crdt?: readonly [number, number, number];
}

/** An emulated PCI controller: several of one subsystem, namespaces can be managed, no ANA. */
export const emulatedIdentity: ControllerIdentity = {
  cmic: NVME_CTRL_CMIC_MULTI_CTRL,
  oacs: NVME_CTRL_OACS_NS_MNGT_SUPP,
  ctratt: 0,
  nn: 256,
  mnan: 0,
  anatt: 0,
  anagrpmax: 0,
  nanagrpid: 0,
  mdtsBytes: 512 * 1_024,
};

/** A controller of a target with ANA, as nvmet's: 128 groups, 10 s. Smaller numbers keep the log page short. */
export const anaIdentity: ControllerIdentity = {
  ...emulatedIdentity,
  cmic: NVME_CTRL_CMIC_MULTI_CTRL | NVME_CTRL_CMIC_ANA,
  oacs: 0,
  mnan: 16,
  anatt: 10,
  anagrpmax: 128,
  nanagrpid: 4,
};
