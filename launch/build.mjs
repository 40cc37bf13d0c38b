// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runChild } from './child.mjs';
import { LaunchFailure } from './failure.mjs';
import { rooms, root, stateDir } from './paths.mjs';
import { runStage } from './stage.mjs';

const buildMs = 10 * 60_000;
export const cliBin = join(root, 'packages', 'cli', 'dist', 'bin.js');
const page = join(root, 'packages', 'report', 'dist', 'page.html');

/**
 * A cheap answer to "did a source change since?": paths, sizes and times, no contents. A wrong yes
 * costs one `tsc -b`, which looks at contents.
 * @param {string} from
 * @param {readonly string[]} dirs
 */
export const sourcesFingerprint = (from, dirs) => {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(from, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  /** @param {string} dir */
  const walk = (dir) => {
    for (const entry of readdirSync(join(from, dir), { withFileTypes: true }).toSorted(byName)) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|tsx|mts|mjs|json|css|html)$/.test(entry.name)) add(path);
    }
  };
  for (const path of ['tsconfig.base.json', 'package-lock.json']) add(path);
  for (const dir of dirs) {
    for (const path of [`${dir}/package.json`, `${dir}/tsconfig.json`]) if (existsSync(join(from, path))) add(path);
    // A room with a page for a browser has it beside its sources.
    for (const folder of ['src', 'page']) if (existsSync(join(from, dir, folder))) walk(`${dir}/${folder}`);
  }
  return hash.digest('hex');
};

/**
 * @param {{ name: string }} a
 * @param {{ name: string }} b
 */
const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** Builds the command and all below it, where a source changed since the last build. */
export const ensureBuilt = async () => {
  const stampFile = join(stateDir, 'build');
  const dirs = rooms();
  const wanted = sourcesFingerprint(root, dirs);
  const built = [cliBin, page, ...dirs.map((dir) => join(root, dir, 'dist', 'tsconfig.tsbuildinfo'))];
  const whole = built.every((file) => existsSync(file));
  if (whole && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  await runStage({ name: 'build', does: 'tsc -b, sources changed' }, async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await runChild(process.execPath, [tsc, '-b', ...dirs], {
      cwd: root,
      capture: true,
      timeoutMs: buildMs,
    });
    if (code !== 0 || !existsSync(cliBin)) {
      process.stderr.write(`\n${output}`);
      throw new LaunchFailure(
        'LMP-952',
        `expected the sources to build, found ${code === 0 ? 'no packages/cli/dist/bin.js' : `exit code ${code} of tsc -b`}`,
        'mend what tsc names above; where it names nothing, remove the dist folders and run the same command again',
      );
    }
    await buildPage();
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(stampFile, wanted);
  });
};

/** The page of the HTML report, which the package ships beside its code (docs/decisions/0013). */
const buildPage = async () => {
  const script = join(root, 'packages', 'report', 'page', 'build.mjs');
  const { code, output } = await runChild(process.execPath, [script], { cwd: root, capture: true, timeoutMs: buildMs });
  if (code === 0 && existsSync(page)) return;
  process.stderr.write(`\n${output}`);
  throw new LaunchFailure(
    'LMP-952',
    `expected the page of the HTML report to build, found ${code === 0 ? 'no packages/report/dist/page.html' : `exit code ${code} of vite`}`,
    'mend what vite names above',
  );
};
