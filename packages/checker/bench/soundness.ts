// SPDX-License-Identifier: GPL-2.0-only
import { compareAlike, compareKernel, compareToys, type Compared } from '../src/soundness.test.kit.js';

/*
 * More than 500 random programs: what every combination of reduction, sleep sets, memos and
 * symmetry finds is what the plain search finds. Ends with an error at the first that differs.
 *
 *   npm run bench -- soundness [seed]
 */
const seed = Number(process.argv[2] ?? 7);

const kinds: readonly (readonly [string, number, (programs: number, seed: number) => Compared])[] = [
  ['tasks, cells, locks, gates, timers, spawns', 300, compareToys],
  ['locks, SRCU, lists, bios, works, timers', 250, compareKernel],
  ['the same with interchangeable tasks', 120, compareAlike],
];

let total = 0;
for (const [name, programs, compare] of kinds) {
  const compared = compare(programs, seed);
  total += compared.programs;
  process.stdout.write(
    `${name}: ${String(compared.programs)} programs agree; runs ended at a state met before: ${String(compared.met)}; saved by symmetry: ${String(compared.saved)}\n`,
  );
}
process.stdout.write(`${String(total)} programs, seed ${String(seed)}: every search agrees with the plain one\n`);
