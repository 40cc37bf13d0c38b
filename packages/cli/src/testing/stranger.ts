// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ran, type Ran } from './ran.js';
import { Shelf } from './shelf.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Our packages that a package needs, itself among them, by name. */
const needed = (name: string, found: Set<string>): Set<string> => {
  if (found.has(name)) return found;
  found.add(name);
  // npm links a workspace's package under its name.
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
  for (const other of Object.keys(dependencies)) if (other.startsWith('@libmultipath/')) needed(other, found);
  return found;
};

const LONGEST_MS = 290_000;

/** A folder of somebody who has never seen this repository, with our packages as they would be published. */
export class Stranger {
  private constructor(
    /** The empty folder. */
    readonly dir: string,
    private readonly base: string,
    private readonly shelf: Shelf,
  ) {}

  static async arrive(): Promise<Stranger> {
    const base = await mkdtemp(join(tmpdir(), 'mpath-stranger-'));
    const dir = join(base, 'project');
    await mkdir(dir);
    await mkdir(join(base, 'tarballs'));
    return new Stranger(dir, base, await Shelf.open());
  }

  /** Packs our packages. @returns the tarballs */
  async pack(): Promise<readonly string[]> {
    const into = join(this.base, 'tarballs');
    const workspaces = [...needed('@libmultipath/cli', new Set())].flatMap((name) => ['-w', name]);
    const packed = await this.run(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', into, ...workspaces],
      root,
    );
    if (packed.code !== 0) throw new Error(`npm pack: ${packed.err}`);
    return (await readdir(into)).sort().map((name) => join(into, name));
  }

  /** Runs a program in the folder, or below it. */
  async run(program: string, args: readonly string[], cwd = this.dir): Promise<Ran> {
    const child = spawn(program, args, {
      cwd,
      env: {
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        HOME: this.base,
        TMPDIR: this.base,
        npm_config_cache: join(this.base, 'cache'),
        npm_config_registry: this.shelf.url,
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    return ran(child);
  }

  async leave(): Promise<void> {
    await this.shelf.close();
    await rm(this.base, { recursive: true, force: true });
  }
}
