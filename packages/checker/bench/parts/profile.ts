// SPDX-License-Identifier: GPL-2.0-only
import { Session, type Profiler } from 'node:inspector';
import type { Program } from '@libmultipath/kernel';
import { explore, type ExploreOptions } from '../../src/index.js';

const SAMPLE_US = 500;

/** Where a function belongs. */
const partOf = ({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): string => {
  if (functionName === '(garbage collector)') return 'garbage collection';
  const [, room = '', file = ''] = /\/(packages\/[^/]+|drivers\/[^/]+)\/(?:src|dist)\/(.*)$/.exec(url) ?? [];
  if (/digest|state-hash/.test(file)) return 'states: hashing at settle points';
  if (room === 'packages/checker') {
    if (file.startsWith('state/')) return 'search: states between settle points';
    if (file.startsWith('race/')) return 'search: data races';
    if (/races|footprint/.test(file)) return 'search: races and footprints';
    return 'search: path and choice';
  }
  if (room === 'packages/kernel' && /machine|calls|operation|kfn|step|task|frame/.test(file))
    return 'machine: steps and calls';
  return room === '' ? 'Node itself' : `model: ${room}`;
};

/** Shares of the time of one search, the largest first, after a line on its runs. */
export const profileOf = async (program: Program, options: ExploreOptions): Promise<string[]> => {
  // Once before, so that compiling is no part of it.
  explore(program, options);
  const session = new Session();
  session.connect();
  const post = <T>(method: string, params?: object): Promise<T> =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await post('Profiler.start');
  const { stats } = explore(program, options);
  const { profile: taken } = await post<Profiler.StopReturnType>('Profiler.stop');
  session.disconnect();
  const frames = new Map(taken.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parts = new Map<string, number>();
  let all = 0;
  for (const [at, id] of (taken.samples ?? []).entries()) {
    const frame = frames.get(id);
    const tookUs = taken.timeDeltas?.[at] ?? 0;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const part = partOf(frame);
    parts.set(part, (parts.get(part) ?? 0) + tookUs);
    all += tookUs;
  }
  const replayed = stats.replayedSteps / Math.max(1, stats.steps + stats.replayedSteps);
  return [
    `${program.name}: ${(replayed * 100).toFixed(0)} of 100 steps repeat a path; ${stats.maxDepth.toLocaleString('en-US')} steps a run at most, ${String(stats.executions)} runs, ${String(stats.pruned)} of them cut because all are asleep`,
    ...[...parts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 10)
      .map(([part, tookUs]) => `  ${((100 * tookUs) / all).toFixed(1).padStart(5)}%  ${part}`),
  ];
};
