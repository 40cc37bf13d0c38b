// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { callWatched, type WatchedCallOptions } from './call-watched.js';
import { crowd } from './toy-programs.test.kit.js';
import { fromSource } from './worker-entry.test.kit.js';

const module = new URL('./watched-works.test.kit.ts', import.meta.url).href;
const size = { tasks: 3, writes: 2 };

const call = (name: string, options: Partial<WatchedCallOptions> = {}, args: unknown = size) =>
  callWatched({ module, export: name }, args, {
    signal: new AbortController().signal,
    entry: fromSource,
    ...options,
  });

describe('a call in a thread', { timeout: 60_000 }, () => {
  it('gives what the work gave, and tells what it says', async () => {
    const told: string[] = [];
    const found = await call('executionsOf', { onText: (text) => told.push(text) });
    expect(found).toEqual({ returned: explore(crowd(size)).stats.executions });
    expect(told).toEqual(['exploring 3 tasks']);
  });

  it('that never comes back is ended, with the function and the task', async () => {
    await expect(call('neverBack', { stallMs: 1_000 })).rejects.toMatchObject({
      code: 'LMP-341',
      message: 'spin, called by choose_path went on for 1000 ms without a step, in task submitter',
      where: 'watched-works.test.kit.ts: neverBack < choose_path',
    });
  });

  it.each(['large', 'neverBack'])('is ended by the signal, whatever it does: %s', async (name) => {
    const stop = new AbortController();
    let since = 0;
    const onText = (): void => {
      since = performance.now();
      stop.abort();
    };
    expect(await call(name, { signal: stop.signal, onText })).toEqual({ ended: true });
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await call(name, { signal: stop.signal })).toEqual({ ended: true });
  });

  it('of something that is not there is refused by name', async () => {
    await expect(call('nothing')).rejects.toMatchObject({
      code: 'LMP-340',
      message: 'expected a function named nothing, found none',
    });
  });
});
