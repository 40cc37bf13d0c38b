// SPDX-License-Identifier: GPL-2.0-only
import { chmod, mkdir, readFile, readdir, rename, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLmpError } from '@libmultipath/errors';
import { noSpaceLeft } from './cache-guard.js';
import { vmImagesErrors } from './errors.js';
import type { Progress } from './kernel.js';
import { runTool } from './run-tool.js';
import { sha256, sha256OfFile } from './tree.js';
import { withWorkspace } from './workspace.js';

export interface BuiltAgent {
  /** Static executable: process 1 of a guest, or `--stdio` on this machine. */
  readonly path: string;
  readonly contentKey: string;
}

export interface BuildOptions {
  readonly cacheDir: string;
  readonly progress?: Progress;
}

/** `src/` and `dist/` both lie beside `agent/`. */
export const agentSourceDir = fileURLToPath(new URL('../agent/', import.meta.url));

const FLAGS = ['-static', '-O2', '-pthread', '-Wall', '-Wextra', '-Werror'] as const;
const BARE_SOURCE = 'hello-init.c';

/** The C files of the agent proper, sorted. */
export const agentSources = async (): Promise<string[]> =>
  (await readdir(agentSourceDir)).filter((name) => name.endsWith('.c') && name !== BARE_SOURCE).toSorted();

const cannotBuild = (message: string): Error =>
  vmImagesErrors.fail('LMP-810', { message, where: 'the guest agent', todo: 'apt-get install gcc libc6-dev' });

/** Identity of the compiler; proves that it can link statically. */
const compiler = async (): Promise<string> => {
  try {
    const version = await runTool('gcc', ['--version']);
    const library = await runTool('gcc', ['-print-file-name=libc.a']);
    // gcc answers with the bare name where it finds no such file.
    if (!isAbsolute(library.stdout.trim())) throw cannotBuild('the static C library (libc.a) is expected');
    return version.stdout.split('\n')[0] ?? '';
  } catch (error) {
    if (isLmpError(error) && error.code === 'LMP-807') throw cannotBuild('gcc is expected');
    throw error;
  }
};

/** The executable is kept beside its checksum's name, so a damaged one is noticed and made again. */
const cachedProgram = async (dir: string): Promise<string | undefined> => {
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    if (/^[0-9a-f]{64}$/.test(name) && (await stat(path)).isFile() && (await sha256OfFile(path)) === name) return path;
  }
  return undefined;
};

const build = async (name: string, sources: readonly string[], options: BuildOptions): Promise<BuiltAgent> => {
  const cacheDir = resolve(options.cacheDir);
  const headers = (await readdir(agentSourceDir)).filter((file) => file.endsWith('.h')).toSorted();
  const texts = await Promise.all([...headers, ...sources].map((file) => readFile(join(agentSourceDir, file))));
  const contentKey = sha256(name, await compiler(), FLAGS.join(' '), [...headers, ...sources].join(' '), ...texts);
  const dir = join(cacheDir, 'agents', `${name}-${contentKey.slice(0, 16)}`);
  const cached = await cachedProgram(dir);
  if (cached !== undefined) return { path: cached, contentKey };
  options.progress?.(`${name}: compiling ${sources.length} C files`);
  return withWorkspace(cacheDir, async (work) => {
    const program = join(work, name);
    const files = sources.map((file) => join(agentSourceDir, file));
    const result = await runTool('gcc', [...FLAGS, '-o', program, ...files], { timeoutMs: 120_000 });
    if (/No space left on device/i.test(result.stderr)) throw noSpaceLeft(result.stderr.slice(0, 200));
    if (result.failed) {
      throw vmImagesErrors.fail('LMP-811', {
        message: `gcc refused it: ${result.stderr.slice(0, 2000)}`,
        where: agentSourceDir,
        todo: 'report it with the output of gcc --version',
      });
    }
    await chmod(program, 0o755);
    await mkdir(dir, { recursive: true });
    const path = join(dir, await sha256OfFile(program));
    await rename(program, path);
    return { path, contentKey };
  });
};

/**
 * The guest agent, compiled once per source and compiler.
 * @throws LMP-803, LMP-804, LMP-810 no gcc or libc.a, LMP-811
 */
export const buildAgent = async (options: BuildOptions): Promise<BuiltAgent> =>
  build('agent', await agentSources(), options);

/** The init that prints `mpath-bare-init ready` and powers off: what the boot benchmark compares with. */
export const buildBareInit = (options: BuildOptions): Promise<BuiltAgent> => build('bare-init', [BARE_SOURCE], options);
