// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_OPTIMAL } from '../access-states.js';

/** A target port group of the array, as its administrator sets it up. */
export class TargetPortGroup extends KObject {
  access_state: number = SCSI_ACCESS_STATE_OPTIMAL;
  preferred: boolean;
  /** Relative target ports in it. */
  readonly ports: readonly number[];
  /** Supported states, as in the descriptor. */
  readonly supported: number;

  constructor(
    readonly id: number,
    options: {
      readonly state?: number;
      readonly preferred?: boolean;
      readonly ports?: readonly number[];
      readonly supported?: number;
    } = {},
  ) {
    super();
    this.access_state = options.state ?? SCSI_ACCESS_STATE_OPTIMAL;
    this.preferred = options.preferred ?? false;
    this.ports = options.ports ?? [id];
    this.supported = options.supported ?? 0xcf;
  }
}
