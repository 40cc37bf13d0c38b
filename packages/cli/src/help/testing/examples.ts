// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShellSession, type Printed } from '../../testing/documents/shell-session.js';
import { commands } from './commands.js';
import { printed } from './printed.js';

const EXAMPLE = /^Example: (.*)$/m;
/** Boots a machine, or asks what that takes. */
const LIVE = /\bmpath (?:verify|vm (?:fetch|boot|doctor))\b/;

/** The example of every command's help, each once; those that boot machines, or the others. */
export const examples = async (live: boolean): Promise<string[]> => {
  const all = await Promise.all(
    commands().map(async ({ words }) => EXAMPLE.exec((await printed([...words, '--help'])).text)?.[1] ?? ''),
  );
  return [...new Set(all)].filter((example) => LIVE.test(example) === live);
};

/** A folder with the drivers of this repository, to try things in. */
export class Playground {
  private constructor(
    private readonly dir: string,
    private readonly session: ShellSession,
  ) {}

  static async open(): Promise<Playground> {
    const dir = await mkdtemp(join(tmpdir(), 'mpath-examples-'));
    const config = new URL('../../../../../mpath.config.ts', import.meta.url).href;
    await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
    await writeFile(join(dir, 'mpath.config.ts'), `export { default } from ${JSON.stringify(config)};\n`);
    return new Playground(dir, await ShellSession.open({ cwd: dir, timeoutMs: 280_000 }));
  }

  run(command: string): Promise<Printed> {
    // `eval "$(…)"` is meant for bash; the other commands are for any shell.
    return this.session.run(command.startsWith('eval ') ? `bash -c '${command}'` : command);
  }

  async close(): Promise<void> {
    await this.session.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}
