// SPDX-License-Identifier: GPL-2.0-only
import { KernelFaultError, type AcceleratorName } from '@libmultipath/harness';

/**
 * Under emulation a guest has been seen, rarely, to panic in early boot whatever it was about to
 * run. It is booted once more, and that is said; a fault of the kernel's own comes again.
 * @throws what the second boot throws, or the first one where it is not such a fault
 */
export const bootAgain = async <T>(
  accelerator: AcceleratorName,
  note: (text: string) => void,
  boot: () => Promise<T>,
): Promise<T> => {
  try {
    return await boot();
  } catch (error) {
    if (!(error instanceof KernelFaultError) || accelerator !== 'tcg') throw error;
    note(`the guest faulted while it booted under emulation, booting it once more: ${error.fault.headline}`);
    return boot();
  }
};
