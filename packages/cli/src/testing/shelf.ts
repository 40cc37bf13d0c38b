// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

interface Kept {
  readonly dir: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

const foldersIn = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir) : []);

/** Packages in a node_modules folder, and in those below it. */
const packagesIn = (modules: string): string[] =>
  foldersIn(modules)
    .filter((name) => !name.startsWith('.') && name !== '@libmultipath')
    .flatMap((name) => (name.startsWith('@') ? foldersIn(join(modules, name)).map((one) => join(name, one)) : [name]))
    .map((name) => join(modules, name))
    .flatMap((dir) => [dir, ...packagesIn(join(dir, 'node_modules'))]);

/**
 * What this checkout has installed, offered to npm as a registry on this machine: a stranger's folder
 * can then install our packages where there is no network.
 */
export class Shelf {
  private readonly kept = new Map<string, Kept[]>();

  private constructor(private readonly server: Server) {
    const places = ['', 'harness', ...foldersIn(join(root, 'packages')).map((name) => join('packages', name))];
    for (const dir of places.flatMap((place) => packagesIn(join(root, place, 'node_modules')))) this.keep(dir);
  }

  static async open(): Promise<Shelf> {
    const server = createServer();
    const shelf = new Shelf(server);
    server.on('request', (request, response: ServerResponse) => {
      shelf.answer(decodeURIComponent(request.url ?? '/'), response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return shelf;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the shelf is closed');
    return `http://127.0.0.1:${String(address.port)}/`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private keep(dir: string): void {
    const file = join(dir, 'package.json');
    if (!existsSync(file)) return;
    // npm wrote it.
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
    const { name, version } = manifest;
    if (typeof name !== 'string' || typeof version !== 'string') return;
    const versions = this.kept.get(name) ?? [];
    if (!versions.some((one) => one.version === version)) versions.push({ dir, version, manifest });
    this.kept.set(name, versions);
  }

  private answer(path: string, response: ServerResponse): void {
    const [, tarball, version] = /^\/(.+)\/-\/(.+)\.tgz$/.exec(path) ?? [];
    const versions = this.kept.get(tarball ?? path.slice(1));
    if (versions === undefined) {
      response.writeHead(404).end('{}');
      return;
    }
    const one = versions.find((kept) => kept.version === version);
    if (one !== undefined) {
      this.pack(one.dir, response);
      return;
    }
    const listed = versions.map((kept) => {
      const dist = { tarball: `${this.url}${path.slice(1)}/-/${kept.version}.tgz` };
      return [kept.version, { ...kept.manifest, dist }] as const;
    });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: path.slice(1),
        'dist-tags': { latest: versions.at(-1)?.version },
        versions: Object.fromEntries(listed),
      }),
    );
  }

  private pack(dir: string, response: ServerResponse): void {
    const args = ['-cz', '--exclude=./node_modules', '--transform=s,^[.],package,', '-C', dir, '.'];
    const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, GZIP: '-1' } });
    child.stdout.pipe(response);
    child.on('error', () => response.destroy());
  }
}
