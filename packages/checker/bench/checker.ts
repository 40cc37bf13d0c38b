// SPDX-License-Identifier: GPL-2.0-only
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explore, type Exploration, type ExploreOptions } from '../src/index.js';
import { hasTool, ownCpuS, runRumur, runSpin, type PeerRun } from './parts/peers.js';
import { profileOf } from './parts/profile.js';
import { shapes } from './parts/shapes.js';

/*
 * Three shapes, at growing sizes. First what each part of the search saves, then the search
 * beside SPIN and Rumur in the same run: seconds of CPU, and ratios of them, since a machine
 * may be busy. Final states are compared; a difference is an error.
 *
 *   npm run bench -- checker [seconds of our search at most, for each program] [sizes: 1 to 3]
 */
const MOST_S = Number(process.argv[2] ?? 60);
const SIZES = Number(process.argv[3] ?? 3);
const models = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'bench', 'peers');

type Shape = keyof typeof shapes;
const isShape = (name: string): name is Shape => name in shapes;
const names = Object.keys(shapes).filter(isShape);

interface Own {
  readonly found: Exploration;
  readonly cpuS: number;
}

const search = (shape: Shape, tasks: number, options: ExploreOptions = {}): Own => {
  const began = ownCpuS();
  const found = explore(shapes[shape](tasks), {
    maxExecutions: Number.MAX_SAFE_INTEGER,
    // Peers look for none, and symmetry excludes them.
    races: false,
    timeMs: MOST_S * 1_000,
    now: () => (ownCpuS() - began) * 1_000,
    ...options,
  });
  return { found, cpuS: ownCpuS() - began };
};

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(
    `${cells.map((cell, n) => (n === 0 ? String(cell).padEnd(26) : String(cell).padStart(11))).join(' ')}\n`,
  );
};

const searches: readonly (readonly [string, ExploreOptions])[] = [
  ['plain', { reduction: 'none', memo: false }],
  ['reduction', { memo: false, sleepSets: false }],
  ['and sleep sets', { memo: false }],
  ['and memo', {}],
  ['and states', { revisits: true, symmetry: false }],
  ['and symmetry', { revisits: true }],
];

print(['program', 'search', 'executions', 'pruned', 'steps', 'replayed', 'states', 'CPU s']);
for (const shape of names) {
  for (const tasks of [2, 3]) {
    for (const [name, options] of searches) {
      const { found, cpuS } = search(shape, tasks, { ...options, maxExecutions: 100_000 });
      const { executions, pruned, steps, replayedSteps, states } = found.stats;
      const more = found.complete ? '' : '+';
      print([
        `${shape} ${String(tasks)}`,
        name,
        `${String(executions)}${more}`,
        pruned,
        steps,
        replayedSteps,
        states,
        cpuS.toFixed(2),
      ]);
    }
  }
}

const sameEnds = (shape: string, { found }: Own, peer: PeerRun): string => {
  const own = new Set(found.outcomes.map(({ key }) => key.slice(1, -1)));
  const missed = [...peer.ends].filter((end) => !own.has(end));
  const extra = [...own].filter((end) => !peer.ends.has(end));
  if (extra.length > 0 || (found.complete && missed.length > 0)) {
    throw new Error(`${shape}: the peer alone has ${missed.join(' ')}; we alone have ${extra.join(' ')}`);
  }
  return found.complete ? 'equal' : `${String(own.size)} of ${String(peer.ends.size)}`;
};

/** Small, medium, large, by what pan alone takes. */
const sizes: Readonly<Record<Shape, readonly number[]>> = {
  selection: [3, 5, 6],
  removal: [3, 6, 7],
  parking: [5, 8, 9],
};
/** With n tasks alike a state has n! labellings, each a walk of the memory: where few values are learned it pays. */
const best: Readonly<Record<Shape, ExploreOptions>> = {
  selection: {},
  removal: {},
  parking: { revisits: true },
};
/** Programs whose goal was missed by a peer: of these the profile says why. */
const missed = new Map<string, readonly [Shape, number]>();
const PROFILE_STEPS = 1_000_000;

const peers = [
  ['SPIN', 'spin', 'pml', runSpin],
  ['Rumur', 'rumur', 'm', runRumur],
] as const;

for (const [peer, tool, ending, runPeer] of peers) {
  process.stdout.write('\n');
  if (!hasTool(tool)) {
    process.stdout.write(`${peer} is not here, and is left out: apt-get install ${tool}\n`);
    continue;
  }
  print([`beside ${peer}`, 'its states', 'compile s', 'run s', 'our s', 'ours/run', 'ours/total', 'ends', 'goal']);
  for (const shape of names) {
    for (const [nth, tasks] of sizes[shape].slice(0, SIZES).entries()) {
      const theirs = runPeer(join(models, `${shape}.${ending}`), tasks);
      const own = search(shape, tasks, best[shape]);
      const run = own.cpuS / theirs.runS;
      const total = own.cpuS / (theirs.runS + theirs.compileS);
      const least = own.found.complete ? '' : '>';
      const [ratio, most] = nth === 0 ? [total, 1] : [run, nth === 1 ? 1 : 3];
      const held = own.found.complete && ratio <= most;
      if (!held) missed.set(`${shape} ${String(tasks)}`, [shape, tasks]);
      print([
        `${shape} ${String(tasks)}`,
        theirs.states,
        theirs.compileS.toFixed(2),
        theirs.runS.toFixed(2),
        `${least}${own.cpuS.toFixed(2)}`,
        `${least}${run.toFixed(2)}`,
        `${least}${total.toFixed(2)}`,
        sameEnds(shape, own, theirs),
        held ? 'held' : 'missed',
      ]);
    }
  }
}

if (missed.size > 0) process.stdout.write('\nWhere a goal was missed, where the time goes:\n');
for (const [shape, tasks] of missed.values()) {
  const lines = await profileOf(shapes[shape](tasks), { races: false, ...best[shape], maxSteps: PROFILE_STEPS });
  process.stdout.write(`${lines.join('\n')}\n`);
}
