// SPDX-License-Identifier: GPL-2.0-only
import { isLmpError } from '@libmultipath/errors';
import { KernelFaultError, type AcceleratorName } from '@libmultipath/harness';

const NOT_IN_TIME = 'LMP-704';

/** What happened to the boot, where emulation may be to blame; undefined: it is not. */
const blamed = (error: unknown): string | undefined => {
  if (error instanceof KernelFaultError)
    return `faulted while it booted under emulation, booting it once more: ${error.fault.headline}`;
  if (isLmpError(error) && error.code === NOT_IN_TIME)
    return 'did not come up in time under emulation, booting it once more';
  return undefined;
};

/**
 * Under emulation a guest has been seen, rarely, to panic or to stand still in early boot whatever it
 * was about to run. It is booted once more, and that is said; a fault of the kernel's own comes again.
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
    const what = accelerator === 'tcg' ? blamed(error) : undefined;
    if (what === undefined) throw error;
    note(`the guest ${what}`);
    return boot();
  }
};
