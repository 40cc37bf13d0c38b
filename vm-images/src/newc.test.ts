// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeNewc, type ArchiveEntry } from './newc.js';

interface Parsed {
  readonly path: string;
  readonly inode: number;
  readonly mode: number;
  readonly mtime: number;
  readonly device: readonly [number, number];
  readonly body: Buffer;
}

/** Written from the format's description alone. */
const parse = (archive: Buffer): Parsed[] => {
  const entries: Parsed[] = [];
  const aligned = (at: number): number => Math.ceil(at / 4) * 4;
  for (let at = 0; ;) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (n: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + 8 * n, at + 14 + 8 * n), 16);
    const nameEnd = at + 110 + field(11);
    const path = archive.toString('utf8', at + 110, nameEnd - 1);
    expect(archive[nameEnd - 1]).toBe(0);
    const from = aligned(nameEnd);
    if (path === 'TRAILER!!!') {
      expect(from).toBe(archive.length);
      return entries;
    }
    const body = archive.subarray(from, from + field(6));
    entries.push({ path, inode: field(0), mode: field(1), mtime: field(5), device: [field(9), field(10)], body });
    at = aligned(from + field(6));
  }
};

const name = fc.stringMatching(/^[a-zA-Z0-9._äß-]{1,20}$/);
const entry: fc.Arbitrary<ArchiveEntry> = fc.oneof(
  fc.record({ kind: fc.constant('dir' as const), path: name }),
  fc.record({ kind: fc.constant('file' as const), path: name, content: fc.uint8Array({ maxLength: 70 }) }),
  fc.record({ kind: fc.constant('link' as const), path: name, target: name }),
  fc.record({ kind: fc.constant('char' as const), path: name, major: fc.nat(255), minor: fc.nat(255) }),
);

const bodyOf = (wanted: ArchiveEntry | undefined): string => {
  if (wanted?.kind === 'file') return Buffer.from(wanted.content).toString('hex');
  return wanted?.kind === 'link' ? Buffer.from(wanted.target).toString('hex') : '';
};

describe('the archive writer', () => {
  it('writes what a reader of the format finds again', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
        const found = parse(writeNewc(entries));
        expect(found.map(({ path }) => path)).toEqual(entries.map(({ path }) => path));
        found.forEach((each, index) => {
          const wanted = entries[index];
          const type = { dir: 0o4, file: 0o10, link: 0o12, char: 0o2 }[wanted?.kind ?? 'dir'];
          expect(each.mode >> 12).toBe(type);
          expect(each).toMatchObject({ inode: index + 1, mtime: 0 });
          expect(each.body.toString('hex')).toBe(bodyOf(wanted));
          expect(each.device).toEqual(wanted?.kind === 'char' ? [wanted.major, wanted.minor] : [0, 0]);
        });
      }),
    );
  });

  it('writes the same bytes for the same entries', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(writeNewc(structuredClone(entries)).equals(writeNewc(entries))).toBe(true);
      }),
    );
  });

  it.skipIf(spawnSync('cpio', ['--version']).status !== 0)('writes what cpio unpacks', () => {
    const dir = mkdtempSync(join(tmpdir(), 'mpath-cpio-'));
    try {
      const archive = writeNewc([
        { kind: 'dir', path: 'etc' },
        { kind: 'file', path: 'etc/odd', content: Buffer.from('12345') },
        { kind: 'link', path: 'etc/link', target: 'odd' },
        { kind: 'file', path: 'init', content: Buffer.alloc(0), mode: 0o755 },
      ]);
      expect(execFileSync('cpio', ['-t', '--quiet'], { input: archive }).toString()).toBe(
        'etc\netc/odd\netc/link\ninit\n',
      );
      execFileSync('cpio', ['-i', '--quiet'], { input: archive, cwd: dir });
      expect(readFileSync(join(dir, 'etc/link'), 'utf8')).toBe('12345');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
