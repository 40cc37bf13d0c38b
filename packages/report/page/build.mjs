// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const folder = dirname(fileURLToPath(import.meta.url));
const room = dirname(folder);
const page = join(room, 'dist', 'page.html');
const stamp = join(room, 'dist', 'page.stamp');

/** What the page is made of: its own files, those it shares with the package, and the versions of its libraries. */
const fingerprint = () => {
  const hash = createHash('sha256');
  for (const dir of [folder, join(room, 'src')]) {
    const files = readdirSync(dir, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !/\.test\./.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
    for (const file of files)
      hash
        .update(`${relative(room, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.update(readFileSync(join(room, 'package.json'))).digest('hex');
};

/** The page carries code of others; their licences ask to be carried along. */
const notices = () => {
  const require = createRequire(import.meta.url);
  const texts = ['preact', 'uplot', '@tanstack/virtual-core'].map((name) => {
    const [manifest = ''] = (require.resolve.paths(name) ?? [])
      .map((dir) => join(dir, name, 'package.json'))
      .filter(existsSync);
    return `${name}\n\n${readFileSync(join(dirname(manifest), 'LICENSE'), 'utf8').trim()}`;
  });
  return `<!--\nlibmultipath, GPL-2.0-only. This page contains:\n\n${texts.join('\n\n').replaceAll('--', '- -')}\n-->\n`;
};

/**
 * Makes `dist/page.html`, the template of the HTML report, where its sources changed since.
 * Two builds at once each write a folder of their own; the file appears whole.
 */
export const buildPage = async () => {
  const wanted = fingerprint();
  if (existsSync(page) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const outDir = join(room, 'dist', `page-${process.pid}`);
  try {
    await build({ configFile: join(folder, 'vite.config.ts'), build: { outDir } });
    const made = join(outDir, 'index.html');
    writeFileSync(made, `${readFileSync(made, 'utf8').trimEnd()}\n${notices()}`);
    renameSync(made, page);
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) await buildPage();
