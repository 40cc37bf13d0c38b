// SPDX-License-Identifier: GPL-2.0-only
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheDirOf } from '@libmultipath/vm-images';

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

/** Looks at what `verify` and `vm` need; changes nothing but that the cache folder exists after it. */
export const examine = async (env: Env): Promise<Examination> => {
  const lines: string[] = [];
  const packages: string[] = [];
  for (const [program, debian, what] of programs) {
    const path = await findProgram(program, env);
    if (path === undefined) packages.push(debian);
    lines.push(`${path === undefined ? 'missing' : 'ok     '}  ${program.padEnd(20)} ${what}`);
  }
  const kvm = await may('/dev/kvm', constants.R_OK | constants.W_OK);
  lines.push(
    `${kvm ? 'ok     ' : 'absent '}  /dev/kvm             ${kvm ? 'tried by a boot' : 'machines are emulated (slower)'}`,
  );
  const cacheDir = cacheDirOf(env);
  const writable = await mkdir(cacheDir, { recursive: true }).then(
    () => may(cacheDir, constants.W_OK),
    () => false,
  );
  lines.push(
    `${writable ? 'ok     ' : 'missing'}  cache                ${cacheDir}${writable ? '' : ' cannot be written'}`,
  );
  if (packages.length > 0) lines.push('', `apt-get install --no-install-recommends ${packages.join(' ')}`);
  if (!writable) lines.push('', `set MPATH_CACHE to a folder that can be written`);
  return { lines, missing: packages.length > 0 || !writable };
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
