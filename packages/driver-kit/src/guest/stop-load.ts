// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/contract';

/** What a scenario sees of a verified load that was stopped. */
export interface LoadOutcome {
  /** Errno names, sorted, each once. */
  readonly errors: readonly string[];
  /** A block read back was not what had been written. */
  readonly corrupt: boolean;
  /** Every block that was written was read back, and held what was written. */
  readonly verified: boolean;
}

/**
 * Ends a load: what is in flight ends, every block is read back.
 * @param blocks that it goes round
 * @throws GuestErrno it does not end
 */
export const stopLoad = async (
  port: GuestPort,
  { load, blocks }: { readonly load: number; readonly blocks: number },
  deadlineMs: number,
): Promise<LoadOutcome> => {
  const { errors, corrupt, completed, verified } = await port.call('load.stop', { load, deadlineMs });
  return {
    errors: Object.keys(errors).sort(),
    corrupt: corrupt > 0,
    // The first round writes each block once, later ones write the same blocks again.
    verified: completed > 0 && verified === Math.min(blocks, completed),
  };
};
