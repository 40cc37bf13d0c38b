// SPDX-License-Identifier: GPL-2.0-only
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { selectBattery } from '../src/battery/select-battery.js';
import { jobsOf } from '../src/check/jobs-of.js';
import { loadConfig } from '../src/config.js';
import { measured, type Measured } from './parts/measured.js';
import { profileOf } from '../../checker/bench/parts/profile.js';
import { checkedProgram } from '../src/check/check-program.js';

/*
 * The standard battery on v3 under each driver: a quick look, all shapes at their floors up to a number
 * of steps, and what two threads gain over one. What is measured is the command, from outside. Where a goal is missed, the profile that says where the time goes.
 *
 *   npm run bench -- battery [drivers, with commas; default nvme,scsi] [steps of a shape; default 200000]
 */
const [first = '', second = ''] = process.argv.slice(2);
const QUICK_S = 15;
const WHOLE_S = 120;
const MOST_MIB = 1_024;
const LEAST_GAIN = 1.7;
/** Steps of each shape that one and two threads are compared on: enough that starting them does not count. */
const GAIN_STEPS = 60_000;
const PROFILE_STEPS = 200_000;

const batteryOf = (driver: string): string[] => ['--battery', '--driver', driver, '--revision', 'v3'];

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(
    `${cells.map((cell, nth) => (nth === 0 ? String(cell).padEnd(20) : String(cell).padStart(12))).join(' ')}\n`,
  );
};

const busy = (): string => loadavg()[0]?.toFixed(1) ?? '?';

const row = (name: string, { shapes, ...found }: Measured, goal: string): void => {
  const whole = shapes.filter(({ complete }) => complete).length;
  const { executions, newSteps, replayedSteps, states, seconds, cpuS, memoryMiB } = found;
  print([
    name,
    `${String(whole)}/${String(shapes.length)}`,
    executions,
    newSteps,
    replayedSteps,
    states,
    seconds.toFixed(1),
    cpuS.toFixed(1),
    memoryMiB.toFixed(0),
    busy(),
    goal,
  ]);
};

const verdict = ({ seconds, memoryMiB }: Measured, mostS: number): string => {
  const missed = [...(seconds > mostS ? [`${String(mostS)} s`] : []), ...(memoryMiB > MOST_MIB ? ['1 GiB'] : [])];
  return missed.length === 0 ? 'held' : `missed ${missed.join(', ')}`;
};

/** Two threads against one, on the same number of steps of each shape. */
const gainOf = async (driver: string): Promise<void> => {
  const of = async (workers: number): Promise<Measured> => {
    const found = await measured([
      ...batteryOf(driver),
      ...['--steps', String(GAIN_STEPS), '--workers', String(workers)],
    ]);
    row(`${driver} ${String(workers)} thread${workers === 1 ? '' : 's'}`, found, '');
    return found;
  };
  const [one, two] = [await of(1), await of(2)];
  const gain = one.seconds / two.seconds;
  process.stdout.write(
    `two threads against one: ${gain.toFixed(2)} (goal ${String(LEAST_GAIN)}: ${gain >= LEAST_GAIN ? 'held' : 'missed'}; ` +
      `${(two.cpuS / one.cpuS).toFixed(2)} times the CPU, load ${busy()})\n`,
  );
};

const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const drivers = first === '' ? ['nvme', 'scsi'] : first.split(',');
const steps = second === '' ? '200000' : second;
print([
  'battery on v3',
  'complete',
  'executions',
  'new steps',
  'replayed',
  'states',
  'seconds',
  'CPU s',
  'MiB',
  'load',
  'goal',
]);
for (const driver of drivers) {
  const quick = await measured([...batteryOf(driver), '--quick']);
  row(`${driver} quick`, quick, verdict(quick, QUICK_S));
  const whole = await measured([...batteryOf(driver), '--steps', steps, '--workers', '2']);
  row(`${driver} floors`, whole, verdict(whole, WHOLE_S));
  await gainOf(driver);
  const [largest] = whole.shapes.filter(({ complete }) => !complete).sort((a, b) => b.steps - a.steps);
  if (largest === undefined) continue;
  const [job] = jobsOf(config, await selectBattery(config, [largest.name], driver), { revision: 'v3', remedies: [] });
  if (job === undefined) continue;
  process.stdout.write(
    `\nnot all shapes come to their end within ${steps} steps. Where the time goes in one of them:\n`,
  );
  for (const line of await profileOf(checkedProgram(job.chosen, job.profile), { maxSteps: PROFILE_STEPS }))
    process.stdout.write(`${line}\n`);
  process.stdout.write('\n');
}
