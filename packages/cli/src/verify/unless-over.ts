// SPDX-License-Identifier: GPL-2.0-only

/** The value, or undefined where the time is over first. The work itself goes on. */
export const unlessOver = async <T>(over: AbortSignal | undefined, work: Promise<T>): Promise<T | undefined> => {
  if (over === undefined) return work;
  work.catch(() => undefined);
  if (over.aborted) return undefined;
  let stop = (): void => undefined;
  const end = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    over.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    over.removeEventListener('abort', stop);
  }
};
