// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KernelRequest } from '@libmultipath/vm-images';
import { errors } from '../errors.js';

/** `host:DIR`: the kernel of a system below a directory. */
const BELOW = 'host:';

/**
 * What `--kernel` and `--modules` ask for.
 * @throws LMP-909 `--modules` without a kernel that is given by path
 */
export const kernelRequests = (names: readonly string[], modules: string | undefined, cwd: string): KernelRequest[] => {
  const requests = (names.length === 0 ? ['latest'] : names).map((name): KernelRequest => {
    if (name === 'host') return { kind: 'host' };
    if (name.startsWith(BELOW)) return { kind: 'host', root: resolve(cwd, name.slice(BELOW.length)) };
    if (!name.includes('/') && !existsSync(resolve(cwd, name))) return { kind: 'name', name };
    const vmlinuz = resolve(cwd, name);
    return modules === undefined
      ? { kind: 'path', vmlinuz }
      : { kind: 'path', vmlinuz, modulesDir: resolve(cwd, modules) };
  });
  if (modules !== undefined && !requests.some(({ kind }) => kind === 'path')) {
    throw errors.fail('LMP-909', {
      message: 'expected a kernel given by path, found none',
      where: '--modules',
      todo: 'give --kernel path/to/bzImage; kernels by name bring their modules',
    });
  }
  return requests;
};
