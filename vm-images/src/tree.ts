// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const ENTRIES_MAX = 500_000;

/** Paths of the regular files below `dir`, relative, sorted bytewise. Links are not followed. */
export const filesBelow = async (dir: string, keep: (name: string) => boolean = () => true): Promise<string[]> => {
  const found: string[] = [];
  const waiting = [''];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of await readdir(join(dir, next), { withFileTypes: true })) {
      if (++seen > ENTRIES_MAX) throw new Error(`${dir} holds more than ${ENTRIES_MAX} entries`);
      const path = next === '' ? entry.name : `${next}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() && keep(entry.name)) found.push(path);
    }
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
};

export const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

export const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) {
    // Lengths between the parts: ('ab', 'c') is not ('a', 'bc').
    hash.update(`${part.length}:`);
    hash.update(part);
  }
  return hash.digest('hex');
};
