// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { selectBattery } from '../src/battery/select-battery.js';
import { jobsOf } from '../src/check/jobs-of.js';
import { loadConfig } from '../src/config.js';
import { measured } from './parts/measured.js';

/*
 * Shapes of the battery to their end: `mpath check --states all` (decision 0007), one shape a process, so that each
 * has its own memory. A new state costs a walk of the memory, and many shapes end that have no end in sight without.
 * With `forget` it is `--states all-forgetting`: fewer states, by a rule that no search can check. With `write` what
 * the shapes took on `fixed` is kept beside the driver, where a test looks at it, each as soon as it is known; what does
 * not end by the first rule is explored by the second then, and kept with the name of that. `write-forget`: by the
 * second alone.
 *
 *   npm run bench -- whole [driver; default plain] [revision; default fixed] [steps of a shape; default 4000000]
 *     [shapes, with commas; default all] [forget | write | write-forget] [seconds of a shape; default 1500]
 */
const [driver = 'plain', revision = 'fixed', steps = '4000000', names = '', how = '', seconds = '1500'] =
  process.argv.slice(2);
const keeps = how.startsWith('write');
if (keeps && revision !== 'fixed') throw new Error('kept is what shapes took on fixed');

const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const selected = await selectBattery(config, names === '' ? [] : names.split(','), driver);

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(
    `${cells.map((cell, nth) => (nth === 0 ? String(cell).padEnd(38) : String(cell).padStart(11))).join(' ')}\n`,
  );
};

type Rule = 'all' | 'all-forgetting';

/** What a shape took. */
interface Taken {
  readonly ended: boolean;
  readonly states: Rule;
  readonly steps: number;
  readonly newSteps: number;
  readonly met: number;
  readonly cpuS: number;
}

let unclean = 0;
const explored = async (name: string, rule: Rule): Promise<Taken> => {
  const found = await measured([
    ...['--battery', '--driver', driver, '--revision', revision, '--steps', steps, '--workers', '1', name],
    ...['--states', rule, '--time', seconds],
  ]);
  const { executions, newSteps, replayedSteps, states, cpuS, memoryMiB, document } = found;
  const ids = document.scenarios.flatMap(({ findings }) => findings.map(({ id }) => id));
  const end = [document.bound, ...ids].join(', ');
  print([name, executions, newSteps, replayedSteps, states, cpuS.toFixed(1), memoryMiB.toFixed(0), end]);
  if (ids.length > 0) unclean++;
  return { ended: document.complete, states: rule, steps: newSteps + replayedSteps, newSteps, met: states, cpuS };
};

print([`${driver} ${revision}`, 'executions', 'new steps', 'replayed', 'states', 'CPU s', 'MiB', 'end']);
const folder = driver === 'plain' ? 'packages/driver-kit/src/plain' : `drivers/${driver}/src`;
const file = fileURLToPath(new URL(`../../../${folder}/whole.json`, import.meta.url));

/** Beside what the others took, in the order of their names. */
const keep = (name: string, taken: Taken): void => {
  // Written by this very function.
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { shapes: Record<string, Taken> }).shapes
    : {};
  const shapes = Object.fromEntries(Object.entries({ ...kept, [name]: taken }).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ revision, shapes }, undefined, 2)}\n`);
};

let left = 0;
for (const { chosen } of jobsOf(config, selected, { revision, remedies: [] })) {
  const { name } = chosen.scenario;
  let taken = await explored(name, how.endsWith('forget') ? 'all-forgetting' : 'all');
  if (how === 'write' && !taken.ended) taken = await explored(name, 'all-forgetting');
  if (keeps) keep(name, taken);
  if (!taken.ended) left++;
}
process.exitCode = left + unclean === 0 ? 0 : 1;
