// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ensureBuilt } from './build.mjs';
import { runChild } from './child.mjs';
import { LaunchFailure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { toolEnv } from './nx-env.mjs';
import { rooms, root } from './paths.mjs';
import { withSetupLock } from './setup-lock.mjs';

const benchMs = 60 * 60_000;

/**
 * @param {string} from
 * @param {readonly string[]} dirs
 * @returns {Map<string, string>} name of a benchmark → its file below `from`; a name that two rooms
 *   use carries its room in front
 */
export const findBenches = (from, dirs) => {
  const found = dirs.flatMap((room) => {
    const dir = join(from, room, 'bench');
    if (!existsSync(dir)) return [];
    return readdirSync(dir)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .toSorted()
      .map((file) => ({ room, name: file.slice(0, -'.ts'.length), file: join(room, 'bench', file) }));
  });
  const count = (/** @type {string} */ name) => found.filter((bench) => bench.name === name).length;
  return new Map(found.map(({ room, name, file }) => [count(name) > 1 ? `${room}/${name}` : name, file]));
};

/**
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {Promise<LaunchFailure>}
 */
const unknownBench = async (name, known) => {
  const errors = pathToFileURL(join(root, 'packages', 'errors', 'dist', 'index.js')).href;
  const { nearest } = /** @type {{ nearest: (name: string, known: readonly string[]) => string[] }} */ (
    await import(errors)
  );
  const close = name === '' ? [] : nearest(name, known);
  return new LaunchFailure(
    'LMP-956',
    `expected the name of a benchmark, found ${name === '' ? 'none' : `'${name}'`}`,
    close.length > 0 ? `did you mean ${close.join(' or ')}?` : `there are: ${known.join(', ') || 'none yet'}`,
  );
};

/**
 * Runs a TypeScript file of this repository against the sources of the packages.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {number} timeoutMs
 * @returns {Promise<number>}
 */
export const runSource = async (file, args, timeoutMs) => {
  const node = ['--conditions=@libmultipath/source', '--import', 'tsx', join(root, file), ...args];
  const { code } = await runChild(process.execPath, node, { cwd: root, env: toolEnv(process.env), timeoutMs });
  return code;
};

/**
 * `npm run bench -- NAME [arguments for it]`, or `--in ROOM` for all benchmarks of one room.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export const runBench = async (args) => {
  await withSetupLock(async () => {
    await ensureInstalled();
    await ensureBuilt();
  });
  const [first = '', second, ...rest] = args;
  const inRoom = first === '--in';
  const benches = findBenches(root, inRoom ? [second ?? '.'] : ['.', ...rooms()]);
  const chosen = inRoom ? [...benches.values()] : [benches.get(first)].filter((file) => file !== undefined);
  if (chosen.length === 0 && !inRoom) throw await unknownBench(first, [...benches.keys()]);
  for (const file of chosen) {
    const code = await runSource(file, inRoom ? rest : args.slice(1), benchMs);
    if (code !== 0) return code;
  }
  return 0;
};
