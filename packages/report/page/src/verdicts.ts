// SPDX-License-Identifier: GPL-2.0-only

/** A verdict's mark and tone: the mark tells without colour. */
export interface Look {
  readonly mark: string;
  readonly tone: 'good' | 'bad' | 'odd' | 'none';
}

const looks: Readonly<Record<string, Look>> = {
  agree: { mark: '✓', tone: 'good' },
  diverge: { mark: '≠', tone: 'bad' },
  'too-loose': { mark: '≈', tone: 'odd' },
  'kernel-fault': { mark: '✗', tone: 'bad' },
  unsupported: { mark: '–', tone: 'none' },
  'not-run': { mark: '·', tone: 'none' },
  error: { mark: '!', tone: 'odd' },
  pass: { mark: '✓', tone: 'good' },
  fail: { mark: '✗', tone: 'bad' },
  incomplete: { mark: '…', tone: 'odd' },
  same: { mark: '=', tone: 'good' },
  differs: { mark: '≠', tone: 'odd' },
};

export const lookOf = (verdict: string): Look => looks[verdict] ?? { mark: '?', tone: 'odd' };

/** How often each verdict stands there, in order of first appearance. */
export const countsOf = (verdicts: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts];
};
