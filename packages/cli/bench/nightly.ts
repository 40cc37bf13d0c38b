// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * The shapes that a CI run has no time for: the whole battery under each driver and on each revision that
 * it declares findings for, with many more steps a shape and in all cores. What one night does not finish
 * is saved and the next goes on from there: call it with the same folder again.
 *
 *   npm run bench -- nightly [folder for checkpoints and documents] [steps of a shape] [seconds of a driver]
 */
const [folder = 'nightly', steps = '5000000000', seconds = '7200'] = process.argv.slice(2);
const REVISIONS: readonly (readonly [driver: string, revision: string])[] = [
  ['plain', 'v3'],
  ['plain', 'fixed'],
  ['nvme', 'v3'],
  ['nvme', 'fixed'],
  ['scsi', 'v3'],
  ['scsi', 'fixed'],
  ['virtio-blk', 'v3'],
  ['virtio-blk', 'fixed'],
];

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
/** Beside the time that the check has for itself. */
const GRACE_MS = 120_000;

const run = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const timeout = Number(seconds) * 1_000 + GRACE_MS;
    const child = spawn(process.execPath, [bin, ...args], { stdio: 'inherit', timeout, killSignal: 'SIGKILL' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });

mkdirSync(folder, { recursive: true });
/** Unlisted or gone is worse than not finished. */
let worst = 0;
for (const [driver, revision] of REVISIONS) {
  const file = join(folder, `${driver}-${revision}`);
  const args = ['check', '--battery', '--driver', driver, '--revision', revision, '--steps', steps, '--time', seconds];
  // Where nothing is to be found what counts is that shapes end, and more of them do so; races are looked for on the others.
  if (revision === 'fixed') args.push('--states', 'all');
  process.stdout.write(`\n${driver} on ${revision}\n`);
  const checkpoint = `${file}.checkpoint`;
  const saved = ['--save', checkpoint, '--json', `${file}.json`];
  const fresh = [...args, ...saved];
  let code = existsSync(checkpoint) ? await run([...fresh, '--resume', checkpoint]) : await run(fresh);
  // A checkpoint of other code is refused: begun anew.
  if (code === 2 && existsSync(checkpoint)) {
    rmSync(checkpoint);
    code = await run(fresh);
  }
  if (code !== 0 && code !== 4) worst = code;
}
process.exitCode = worst;
