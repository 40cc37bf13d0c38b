// SPDX-License-Identifier: GPL-2.0-only
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keyOf, Memory } from './memory.js';

const folder = mkdtempSync(join(tmpdir(), 'mpath-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('another run has the answers of this one, and says how many it used', () => {
  const file = join(folder, 'a', 'one.jsonl');
  const first = new Memory(file);
  expect(first.get(keyOf(['row', 1]))).toBeUndefined();
  first.put(keyOf(['row', 1]), { answer: { steps: 7 } });
  first.put(keyOf(['row', 2]), { failed: 'LMP-003' });
  const second = new Memory(file);
  expect(second.get(keyOf(['row', 1]))).toEqual({ answer: { steps: 7 } });
  expect(second.get(keyOf(['row', 2]))).toEqual({ failed: 'LMP-003' });
  expect(second.get(keyOf(['row', 3]))).toBeUndefined();
  expect(second.counts).toEqual({ reused: 2, asked: 1 });
});

it('goes on behind a line that was cut short', () => {
  const file = join(folder, 'two.jsonl');
  const first = new Memory(file);
  first.put('a', { answer: 1 });
  appendFileSync(file, '["b",{"answ\n');
  first.put('c', { answer: 3 });
  const second = new Memory(file);
  expect([second.get('a'), second.get('b'), second.get('c')]).toEqual([{ answer: 1 }, undefined, { answer: 3 }]);
});

it('forgets', () => {
  const file = join(folder, 'three.jsonl');
  const first = new Memory(file);
  first.put('a', { answer: 1 });
  expect(readFileSync(file, 'utf8')).toBe('["a",{"answer":1}]\n');
  first.forget();
  expect(first.get('a')).toBeUndefined();
  expect(new Memory(file).get('a')).toBeUndefined();
});
