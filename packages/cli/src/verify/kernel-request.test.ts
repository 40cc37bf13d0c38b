// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { kernelRequests } from './kernel-request.js';

const cwd = '/nowhere';

it('tells names, files, the kernel of this machine and that of a system below a directory', () => {
  expect(kernelRequests(['7.3', './bzImage', 'host', 'host:mnt/image'], undefined, cwd)).toEqual([
    { kind: 'name', name: '7.3' },
    { kind: 'path', vmlinuz: resolve(cwd, 'bzImage') },
    { kind: 'host' },
    { kind: 'host', root: resolve(cwd, 'mnt/image') },
  ]);
  expect(kernelRequests([], undefined, cwd)).toEqual([{ kind: 'name', name: 'latest' }]);
});

it('refuses modules without a kernel that is a file', () => {
  expect(() => kernelRequests(['host:/'], 'modules', cwd)).toThrow(expect.objectContaining({ code: 'LMP-909' }));
  expect(kernelRequests(['a/bzImage'], 'modules', cwd)).toEqual([
    { kind: 'path', vmlinuz: resolve(cwd, 'a/bzImage'), modulesDir: resolve(cwd, 'modules') },
  ]);
});
