// SPDX-License-Identifier: GPL-2.0-only
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sitePages } from '../site/stage.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, '.cache/site');

/** Where `npm run docs` puts the site. */
export const siteDir = join(cache, 'html');

const BUILD_MS = 280_000;

/** The site was built from the pages as they stand. */
const isCurrent = (): boolean =>
  existsSync(join(siteDir, 'hashmap.json')) &&
  [...sitePages(root)].every(([route, text]) => {
    const file = join(cache, 'pages', route);
    return existsSync(file) && readFileSync(file, 'utf8') === text;
  });

/** Makes the site current; after `npm run docs` nothing is left to do. */
export const ensureSite = async (): Promise<void> => {
  if (isCurrent()) return;
  const args = ['--conditions=@libmultipath/source', '--import', 'tsx', join(root, 'docs/site/build.ts')];
  await promisify(execFile)(process.execPath, args, { cwd: root, timeout: BUILD_MS, maxBuffer: 64 << 20 });
};

/** Every page of the built site, by its path. */
export const builtPages = (): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(siteDir, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.html'))
      .map((path) => [`/${path.replaceAll('\\', '/')}`, readFileSync(join(siteDir, path), 'utf8')]),
  );

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** The site, served to a browser of this machine. */
export const serveSite = async (): Promise<{ readonly url: string; readonly server: Server }> => {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split(/[?#]/)[0] ?? '/'));
    const file = join(siteDir, path.endsWith('/') ? `${path}index.html` : path);
    if (!file.startsWith(siteDir) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no address');
  return { url: `http://127.0.0.1:${String(address.port)}`, server };
};
