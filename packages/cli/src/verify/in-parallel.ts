// SPDX-License-Identifier: GPL-2.0-only

/**
 * Carries the tasks out, at most `width` at once. The first failure starts no further ones
 * and is thrown when those under way have ended.
 */
export const inParallel = async (tasks: readonly (() => Promise<void>)[], width: number): Promise<void> => {
  const failures: unknown[] = [];
  const queue = [...tasks];
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined && failures.length === 0; task = queue.shift()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, lane));
  if (failures.length > 0) throw failures[0];
};
