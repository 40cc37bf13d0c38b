// SPDX-License-Identifier: GPL-2.0-only
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isLmpError } from '@libmultipath/errors';
import { cacheDirOf, checkCache } from '@libmultipath/vm-images';

type Env = Readonly<Record<string, string | undefined>>;

/** Programs that live machines need, and the Debian package of each. */
const programs: readonly (readonly [program: string, debian: string, what: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86', 'runs the machines'],
  ['setpriv', 'util-linux', 'ends them with their parent'],
  ['gcc', 'gcc libc6-dev', 'builds the guest agent'],
  ['apt-get', 'apt', 'fetches kernels'],
  ['dpkg-deb', 'dpkg', 'unpacks kernels'],
  ['xz', 'xz-utils', 'unpacks modules'],
];

export interface Examination {
  readonly lines: readonly string[];
  readonly missing: boolean;
}

const line = (state: string, name: string, what: string): string => `  ${state.padEnd(8)} ${name.padEnd(19)} ${what}`;

/**
 * Looks at what `verify` and `vm` need; changes nothing but that the cache folder exists after it.
 * @param isRoot without it the command that mends begins with sudo
 */
export const examine = async (env: Env, isRoot: boolean): Promise<Examination> => {
  const lines = ['What mpath verify and mpath vm need here:'];
  const packages: string[] = [];
  const mend: string[] = [];
  for (const [program, debian, what] of programs) {
    const path = await findProgram(program, env);
    if (path === undefined) packages.push(debian);
    lines.push(line(path === undefined ? 'missing' : 'ok', program, what));
  }
  const kvm = await may('/dev/kvm', constants.R_OK | constants.W_OK);
  lines.push(
    kvm
      ? line('ok', '/dev/kvm', 'used where a kernel boots under it')
      : line('absent', '/dev/kvm', 'machines are emulated: slower, nothing else'),
  );
  const cacheDir = cacheDirOf(env);
  const refusal = await checkCache(cacheDir).then(
    () => undefined,
    (error: unknown) => {
      if (isLmpError(error)) return error.message;
      throw error;
    },
  );
  lines.push(
    refusal === undefined ? line('ok', 'cache', cacheDir) : line('refused', 'cache', `${cacheDir}: ${refusal}`),
  );
  if (packages.length > 0) {
    mend.push(`${isRoot ? '' : 'sudo '}apt-get install --no-install-recommends ${packages.join(' ')}`);
  }
  if (refusal !== undefined) mend.push('export MPATH_CACHE=/a/folder/you/can/write');
  lines.push(
    '',
    ...(mend.length === 0 ? ['Nothing is missing.'] : ['This mends it:', ...mend.map((one) => `  ${one}`)]),
  );
  return { lines, missing: mend.length > 0 };
};

const findProgram = async (program: string, env: Env): Promise<string | undefined> => {
  for (const dir of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, program);
    if (dir !== '' && (await may(path, constants.X_OK))) return path;
  }
  return undefined;
};

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
