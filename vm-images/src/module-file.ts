// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { execa } from 'execa';
import { vmImagesErrors } from './errors.js';

const MODULE_MAX_BYTES = 256 << 20;
const suffix = /\.ko(\.xz|\.zst|\.gz)?$/;

export const isModuleFile = (name: string): boolean => suffix.test(name);

/** `nvme-core.ko.xz` → `nvme-core`. */
export const moduleStem = (name: string): string => name.replace(suffix, '');

const decompressors = {
  '.xz': { program: 'xz', debianPackage: 'xz-utils' },
  '.zst': { program: 'zstd', debianPackage: 'zstd' },
} as const;

const broken = (path: string, message: string, cause?: unknown): Error =>
  vmImagesErrors.fail('LMP-812', { message, where: path, todo: 'install or build the modules again', cause });

const decompress = async (path: string, kind: keyof typeof decompressors): Promise<Buffer> => {
  const { program, debianPackage } = decompressors[kind];
  const result = await execa(program, ['-dc', '--', path], {
    encoding: 'buffer',
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
    maxBuffer: MODULE_MAX_BYTES,
    stripFinalNewline: false,
  });
  if (result.failed && result.code === 'ENOENT') {
    throw vmImagesErrors.fail('LMP-807', {
      message: `${program} is not installed, and this module is compressed with it`,
      where: path,
      todo: `apt-get install ${debianPackage}`,
    });
  }
  if (result.failed) throw broken(path, `${program} could not decompress it`, result.stderr);
  return Buffer.from(result.stdout);
};

/**
 * The module as the kernel takes it, uncompressed.
 * @throws LMP-807 no xz or zstd, LMP-812 damaged.
 */
export const readModule = async (path: string): Promise<Buffer> => {
  const kind = suffix.exec(path)?.[1];
  if (kind === '.xz' || kind === '.zst') return decompress(path, kind);
  const raw = await readFile(path);
  if (kind !== '.gz') return raw;
  try {
    return await promisify(gunzip)(raw, { maxOutputLength: MODULE_MAX_BYTES });
  } catch (error) {
    throw broken(path, 'it is no gzip file', error);
  }
};
