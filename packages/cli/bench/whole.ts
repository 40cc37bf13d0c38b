// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { explore, findingId, identityOf } from '@libmultipath/checker';
import { selectBattery } from '../src/battery/select-battery.js';
import { checkedProgram } from '../src/check/check-program.js';
import { jobsOf } from '../src/check/jobs-of.js';
import { loadConfig } from '../src/config.js';

/*
 * Shapes of the battery to their end, with states met again between settle points too (`forget-nothing`, decision
 * 0007), which `mpath check` leaves out: a new state costs a walk of the memory, and many shapes end that have no end
 * in sight without. One thread; data races are looked for in the pairs of each run. With `forget` what functions knew
 * that have returned is forgotten: fewer states, by a rule that no search can check.
 *
 *   npm run bench -- whole [driver; default plain] [revision; default fixed] [steps of a shape; default 4000000]
 *     [shapes, with commas; default all] [forget]
 */
const [driver = 'plain', revision = 'fixed', steps = '4000000', names = '', forget = ''] = process.argv.slice(2);
const MICROSECONDS = 1_000_000;

const config = await loadConfig(fileURLToPath(new URL('../../../mpath.config.ts', import.meta.url)));
const selected = await selectBattery(config, names === '' ? [] : names.split(','), driver);

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(
    `${cells.map((cell, nth) => (nth === 0 ? String(cell).padEnd(38) : String(cell).padStart(11))).join(' ')}\n`,
  );
};

print([`${driver} ${revision}`, 'executions', 'new steps', 'replayed', 'states', 'CPU s', 'end']);
/** Neither ended nor clean. */
let left = 0;
for (const { chosen, profile } of jobsOf(config, selected, { revision, remedies: [] })) {
  const before = process.cpuUsage().user;
  const { bound, complete, ends, reports, stats } = explore(checkedProgram(chosen, profile), {
    maxSteps: Number(steps),
    maxExecutions: Number.MAX_SAFE_INTEGER,
    revisits: forget === 'forget' ? true : 'forget-nothing',
  });
  const ids = reports.map(({ report }) => findingId(identityOf(report)));
  const { executions, steps: fresh, replayedSteps, states } = stats;
  const cpuS = ((process.cpuUsage().user - before) / MICROSECONDS).toFixed(1);
  const stuck = ends.stuck === 0 ? [] : [`${String(ends.stuck)} stuck`];
  print([chosen.scenario.name, executions, fresh, replayedSteps, states, cpuS, [bound, ...ids, ...stuck].join(', ')]);
  if (!complete || ids.length > 0 || ends.stuck > 0) left++;
}
process.exitCode = left === 0 ? 0 : 1;
