// SPDX-License-Identifier: GPL-2.0-only
import { moduleName } from './kernel.js';

/** What a module says of itself in its `.modinfo` section. */
export interface ModuleInfo {
  readonly name: string | undefined;
  /** Must be there before it. */
  readonly depends: readonly string[];
  /** Better there before it, and after it, where they exist. */
  readonly softBefore: readonly string[];
  readonly softAfter: readonly string[];
}

const SECTION_HEADER_BYTES = 64;

/** Content of a named section of a 64-bit little-endian ELF file; undefined where it is none or has none. */
export const elfSection = (file: Buffer, wanted: string): Buffer | undefined => {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (file[4] !== 2 || file[5] !== 1) return undefined;
  const table = Number(file.readBigUInt64LE(0x28));
  const count = file.readUInt16LE(0x3c);
  const namesAt = file.readUInt16LE(0x3e);
  if (file.readUInt16LE(0x3a) !== SECTION_HEADER_BYTES || namesAt >= count) return undefined;
  if (table + count * SECTION_HEADER_BYTES > file.length) return undefined;
  const content = (index: number): Buffer | undefined => {
    const header = table + index * SECTION_HEADER_BYTES;
    const from = Number(file.readBigUInt64LE(header + 0x18));
    const length = Number(file.readBigUInt64LE(header + 0x20));
    return from + length <= file.length ? file.subarray(from, from + length) : undefined;
  };
  const names = content(namesAt);
  if (names === undefined) return undefined;
  for (let index = 0; index < count; index++) {
    const at = file.readUInt32LE(table + index * SECTION_HEADER_BYTES);
    const end = names.indexOf(0, at);
    if (end >= 0 && names.toString('latin1', at, end) === wanted) return content(index);
  }
  return undefined;
};

/** `pre: a b post: c` → the names after one of its words. */
const softNames = (values: readonly string[], which: 'pre:' | 'post:'): string[] => {
  const names: string[] = [];
  for (const value of values) {
    let taking = false;
    for (const word of value.split(/\s+/)) {
      if (word.endsWith(':')) taking = word === which;
      else if (taking && word !== '') names.push(moduleName(word));
    }
  }
  return names;
};

export const parseModinfo = (section: Buffer): ModuleInfo => {
  const values = new Map<string, string[]>();
  for (const entry of section.toString('latin1').split('\0')) {
    const equals = entry.indexOf('=');
    if (equals < 0) continue;
    const key = entry.slice(0, equals);
    values.set(key, [...(values.get(key) ?? []), entry.slice(equals + 1)]);
  }
  const soft = values.get('softdep') ?? [];
  return {
    name: values.get('name')?.[0],
    depends: (values.get('depends') ?? [])
      .flatMap((list) => list.split(','))
      .filter((name) => name !== '')
      .map(moduleName),
    softBefore: softNames(soft, 'pre:'),
    softAfter: softNames(soft, 'post:'),
  };
};
