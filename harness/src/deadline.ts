// SPDX-License-Identifier: GPL-2.0-only

/** The outcome of waiting with a bound: what came, or that nothing did. */
export type Within<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/** Waits for `work` at most `timeoutMs`; a rejection of `work` passes through. */
export const within = async <T>(work: Promise<T>, timeoutMs: number): Promise<Within<T>> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Within<T>>((resolve) => {
    timer = setTimeout(() => resolve({ done: false }), timeoutMs);
  });
  try {
    return await Promise.race([work.then((value): Within<T> => ({ done: true, value })), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits for `work` at most `timeoutMs`, then throws what `late` makes. */
export const withDeadline = async <T>(work: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> => {
  const outcome = await within(work, timeoutMs);
  if (!outcome.done) throw late();
  return outcome.value;
};
