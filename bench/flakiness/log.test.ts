// SPDX-License-Identifier: GPL-2.0-only
import type { ScenarioVerdict } from '@libmultipath/contract';
import { expect, it } from 'vitest';
import { flakinessLog } from './log.js';

const row = (name: string, more: Partial<ScenarioVerdict> = {}): ScenarioVerdict => ({
  name,
  driver: 'toy',
  model: '7.3',
  verdict: 'agree',
  observations: 3,
  runs: 5,
  outcomes: [
    { value: { a: 1 }, allowed: true, seen: 3 },
    { value: { a: 2 }, allowed: true, seen: 2 },
    { value: { a: 3 }, allowed: true, seen: 0 },
  ],
  differences: [],
  ...more,
});

const logOf = (...scenarios: readonly ScenarioVerdict[]) => {
  const incident = { kind: 'silent', detail: 'LMP-704: not ready', again: false } as const;
  const kernel = { name: '7.3', release: '7.3.4', accelerator: 'tcg', qemu: '7.2', bootSeconds: 3, scenarios };
  return flakinessLog({ kernels: [{ ...kernel, incidents: [incident] }] }, '2026-11-22', '100 s');
};

it('is steady where all agreed in every run, and names lost machines', () => {
  const { text, steady } = logOf(row('a'), row('b', { verdict: 'unsupported', runs: 0, outcomes: [] }));
  expect(steady).toBe(true);
  expect(text).toContain('each scenario 5 times, every time on a fresh machine; the same verdict each time');
  expect(text).toContain('| 7.3.4 (tcg) | toy | a | agree | 5 | 3 + 2 |');
  expect(text).toContain('- 7.3: boot: the machine stood still or was gone (not again): LMP-704: not ready');
});

it.each(['diverge', 'kernel-fault', 'error', 'not-run'] as const)('is not steady with a row that is %s', (verdict) => {
  expect(logOf(row('a'), row('b', { verdict })).steady).toBe(false);
});

it('is not steady where scenarios ran unlike often', () => {
  expect(logOf(row('a'), row('b', { runs: 4 })).steady).toBe(false);
});
