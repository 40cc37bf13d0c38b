// SPDX-License-Identifier: GPL-2.0-only
import { NVME_CTRL_CMIC_ANA, NVME_CTRL_CMIC_MULTI_CTRL, NVME_CTRL_OACS_NS_MNGT_SUPP } from './constants.js';

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
