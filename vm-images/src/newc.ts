// SPDX-License-Identifier: GPL-2.0-only

/** An entry of an initramfs. Paths are relative, without a leading slash. */
export type ArchiveEntry =
  | { readonly kind: 'dir'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'file'; readonly path: string; readonly content: Uint8Array; readonly mode?: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'char';
      readonly path: string;
      readonly mode?: number;
      readonly major: number;
      readonly minor: number;
    };

/** Part of the image's content key: raised when the same entries would give other bytes. */
export const NEWC_WRITER_VERSION = 1;

const types = { dir: 0o040000, file: 0o100000, link: 0o120000, char: 0o020000 } as const;
const modes = { dir: 0o755, file: 0o644, link: 0o777, char: 0o600 } as const;
const TRAILER = 'TRAILER!!!';
const FILE_MAX_BYTES = 0xffffffff;

const field = (value: number): string => value.toString(16).padStart(8, '0');

const padding = (length: number): Uint8Array => new Uint8Array((4 - (length % 4)) % 4);

interface Header {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly sizeBytes: number;
  readonly major: number;
  readonly minor: number;
  readonly path: string;
}

/** Header, name and padding; owner 0:0 and time 0, so that the same entries give the same bytes. */
const header = ({ inode, mode, links, sizeBytes, major, minor, path }: Header): Uint8Array[] => {
  const name = Buffer.from(`${path}\0`);
  const numbers = [inode, mode, 0, 0, links, 0, sizeBytes, 0, 0, major, minor, name.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${numbers.map(field).join('')}`), name]);
  return [head, padding(head.length)];
};

const bodyOf = (entry: ArchiveEntry): Uint8Array => {
  if (entry.kind === 'file') return entry.content;
  return entry.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array();
};

/**
 * An archive in the kernel's initramfs format (Documentation/driver-api/early-userspace/
 * buffer-format.rst, "newc"). Entries stand in the order given: a directory before what is in it.
 */
export const writeNewc = (entries: readonly ArchiveEntry[]): Buffer => {
  const chunks: Uint8Array[] = [];
  entries.forEach((entry, index) => {
    const body = bodyOf(entry);
    if (body.length > FILE_MAX_BYTES) throw new RangeError(`${entry.path}: newc cannot hold ${body.length} bytes`);
    const mode = types[entry.kind] | ('mode' in entry && entry.mode !== undefined ? entry.mode : modes[entry.kind]);
    chunks.push(
      ...header({
        inode: index + 1,
        mode,
        links: entry.kind === 'dir' ? 2 : 1,
        sizeBytes: body.length,
        major: entry.kind === 'char' ? entry.major : 0,
        minor: entry.kind === 'char' ? entry.minor : 0,
        path: entry.path,
      }),
      body,
      padding(body.length),
    );
  });
  chunks.push(...header({ inode: 0, mode: 0, links: 1, sizeBytes: 0, major: 0, minor: 0, path: TRAILER }));
  return Buffer.concat(chunks);
};
