// SPDX-License-Identifier: GPL-2.0-only
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { selectBattery } from '../src/battery/select-battery.js';
import { jobsOf } from '../src/check/jobs-of.js';
import { loadConfig } from '../src/config.js';
import { measured } from './parts/measured.js';

/*
 * Shapes of the battery to their end: `mpath check --states all` (decision 0007), one shape a process, so that each
 * has its own memory. A new state costs a walk of the memory, and many shapes end that have no end in sight without.
 * With `forget` it is `--states all-forgetting`: fewer states, by a rule that no search can check. With `write` what
 * all shapes of `plain` took on `fixed` is kept beside the driver, where a test looks at it; what does not end by the
 * first is explored by the second then, and kept with the name of that.
 *
 *   npm run bench -- whole [driver; default plain] [revision; default fixed] [steps of a shape; default 4000000]
 *     [shapes, with commas; default all] [forget | write]
 */
const [driver = 'plain', revision = 'fixed', steps = '4000000', names = '', how = ''] = process.argv.slice(2);
const keeps = how === 'write';
if (keeps && (driver !== 'plain' || revision !== 'fixed' || names !== '')) {
  throw new Error('kept is what all shapes of plain took on fixed');
}

const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const selected = await selectBattery(config, names === '' ? [] : names.split(','), driver);

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(
    `${cells.map((cell, nth) => (nth === 0 ? String(cell).padEnd(38) : String(cell).padStart(11))).join(' ')}\n`,
  );
};

/** A shape that takes longer is told as one that has not ended. */
const MOST_S = 1_500;

print([`${driver} ${revision}`, 'executions', 'new steps', 'replayed', 'states', 'CPU s', 'MiB', 'end']);
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
    ...['--states', rule, '--time', String(MOST_S)],
  ]);
  const { executions, newSteps, replayedSteps, states, cpuS, memoryMiB, document } = found;
  const ids = document.scenarios.flatMap(({ findings }) => findings.map(({ id }) => id));
  const end = [document.bound, ...ids].join(', ');
  print([name, executions, newSteps, replayedSteps, states, cpuS.toFixed(1), memoryMiB.toFixed(0), end]);
  if (ids.length > 0) unclean++;
  return { ended: document.complete, states: rule, steps: newSteps + replayedSteps, newSteps, met: states, cpuS };
};

print([`${driver} ${revision}`, 'executions', 'new steps', 'replayed', 'states', 'CPU s', 'MiB', 'end']);
const shapes: Record<string, Taken> = {};
for (const { chosen } of jobsOf(config, selected, { revision, remedies: [] })) {
  const { name } = chosen.scenario;
  let taken = await explored(name, how === 'forget' ? 'all-forgetting' : 'all');
  if (keeps && !taken.ended) taken = await explored(name, 'all-forgetting');
  shapes[name] = taken;
}
if (keeps) {
  const file = fileURLToPath(new URL('../../driver-kit/src/plain/whole.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify({ revision, shapes }, undefined, 2)}\n`);
  process.stdout.write(`${file} written\n`);
}
const left = Object.values(shapes).filter(({ ended }) => !ended).length;
process.exitCode = left + unclean === 0 ? 0 : 1;
