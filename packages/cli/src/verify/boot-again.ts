// SPDX-License-Identifier: GPL-2.0-only
import type { Incident } from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import { KernelFaultError, type AcceleratorName } from '@libmultipath/harness';

const NOT_IN_TIME = 'LMP-704';

type Loss = Pick<Incident, 'kind' | 'detail'>;

/** What happened to the boot, where emulation may be to blame; undefined: it is not. */
const blamed = (error: unknown): { readonly loss: Loss; readonly text: string } | undefined => {
  if (error instanceof KernelFaultError && error.fault.kind !== 'out-of-memory') {
    const text = `faulted while it booted under emulation, booting it once more: ${error.fault.headline}`;
    return { loss: { kind: 'fault', detail: error.format() }, text };
  }
  if (isLmpError(error) && error.code === NOT_IN_TIME) {
    const text = 'did not come up in time under emulation, booting it once more';
    return { loss: { kind: 'silent', detail: error.format() }, text };
  }
  return undefined;
};

/**
 * Under emulation a guest has been seen, rarely, to panic or to stand still in early boot whatever it
 * was about to run. It is booted once more, and that is said; a fault of the kernel's own comes again.
 * @returns the machine, and what happened to the one before it
 * @throws what the second boot throws, or the first one where it is not such a fault
 */
export const bootAgain = async <T>(
  accelerator: AcceleratorName,
  note: (text: string) => void,
  boot: () => Promise<T>,
): Promise<{ readonly vm: T; readonly before?: Loss }> => {
  try {
    return { vm: await boot() };
  } catch (error) {
    const what = accelerator === 'tcg' ? blamed(error) : undefined;
    if (what === undefined) throw error;
    note(`the guest ${what.text}`);
    return { vm: await boot(), before: what.loss };
  }
};
