// SPDX-License-Identifier: GPL-2.0-only
import type { VmDevice } from './vm-spec.js';

/**
 * What can be done to a running machine from outside, whatever the guest thinks of it. Devices go by the ids of
 * the machine's `VmSpec`.
 */
export interface MachinePort {
  /**
   * Asks the guest to give a device up, as the button at its slot does, and waits until the machine is rid of it.
   * @throws LMP-713 no such device; LMP-717 the guest keeps it
   */
  unplug(id: string, options: { readonly deadlineMs: number }): Promise<void>;
  /**
   * Puts a device in; returns before the guest has noticed. @throws LMP-713 it cannot be put there
   */
  plug(device: VmDevice): Promise<void>;
}
