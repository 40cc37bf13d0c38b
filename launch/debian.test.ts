// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { aptArgs, aptPrefix, isPresent, mendingCommand, missingPackages, parsePackages } from './debian.mjs';

const emulator = { name: 'qemu-system-x86', provides: 'qemu-system-x86_64', why: 'boots the guest' };
const library = { name: 'libc6-dev', provides: '/usr/lib/libc.a', why: 'builds the agent' };
const machine = (...files: string[]) => ({ path: '/opt/bin:/usr/bin', exists: (file: string) => files.includes(file) });

it('finds a program on the path, and in the folders that a user path lacks', () => {
  expect(isPresent('tool', machine('/opt/bin/tool'))).toBe(true);
  expect(isPresent('tool', machine('/usr/sbin/tool'))).toBe(true);
  expect(isPresent('tool', machine('/srv/tool'))).toBe(false);
});

it('looks for a file exactly where it must be', () => {
  expect(isPresent('/usr/lib/libc.a', machine('/usr/lib/libc.a'))).toBe(true);
  expect(isPresent('/usr/lib/libc.a', machine('/usr/bin/usr/lib/libc.a'))).toBe(false);
});

it('names the packages of which something is missing', () => {
  expect(missingPackages([emulator, library], machine('/usr/bin/qemu-system-x86_64'))).toEqual([library]);
  expect(missingPackages([emulator, library], machine('/usr/bin/qemu-system-x86_64', '/usr/lib/libc.a'))).toEqual([]);
});

it('prints one command, with every package by name', () => {
  expect(mendingCommand(['qemu-system-x86', 'libc6-dev'])).toBe(
    'sudo apt-get install -y --no-install-recommends qemu-system-x86 libc6-dev',
  );
});

it('installs as root, with sudo where that is allowed, and else not at all', () => {
  expect(aptPrefix({ hasApt: true, isRoot: true, sudoAllowed: false })).toEqual(['apt-get']);
  expect(aptPrefix({ hasApt: true, isRoot: false, sudoAllowed: true })).toEqual(['sudo', '-n', 'apt-get']);
  expect(aptPrefix({ hasApt: true, isRoot: false, sudoAllowed: false })).toBeUndefined();
  expect(aptPrefix({ hasApt: false, isRoot: true, sudoAllowed: true })).toBeUndefined();
});

it('never asks a question, and takes no package that nobody named', () => {
  expect(aptArgs(['a', 'b'])).toEqual(expect.arrayContaining(['install', '-y', '--no-install-recommends']));
  expect(aptArgs(['a', 'b']).slice(-2)).toEqual(['a', 'b']);
});

it('says what is wrong with a package list', () => {
  expect(parsePackages({ packages: [emulator] })).toEqual([emulator]);
  expect(() => parsePackages([emulator])).toThrow(/expected \{"packages"/);
  expect(() => parsePackages({ packages: [{ name: 'a', why: 'b' }] })).toThrow(/"provides"/);
});
