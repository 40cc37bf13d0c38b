// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256OfFile } from '../tree.js';

/** The least that passes as a bzImage of this release. */
export const fakeKernel = (release: string): Buffer => {
  const image = Buffer.alloc(4096);
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x200, 0x20e);
  image.write(`${release} (builder@host) #1\0`, 0x400, 'latin1');
  return image;
};

interface FakePackage {
  readonly name: string;
  readonly depends?: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
}

export interface FakeArchive {
  /** Holds `apt-get`, `apt-cache` and `apt-config`: to be put first in PATH. */
  readonly bin: string;
  /** How often apt was called, any of its programs. */
  readonly calls: () => number;
  /** `ok`, or what is to go wrong in `update` and `download`. */
  readonly behave: (how: 'ok' | 'offline' | 'full' | 'corrupt' | 'no-debian') => void;
}

const script = (archive: string): string => `#!/bin/sh
A='${archive}'
echo "$0 $*" >> "$A/calls"
how=$(cat "$A/how")
case "$(basename "$0") $*" in
  *indextargets*)
    [ "$how" = no-debian ] || printf 'Origin: Debian\\nLabel: Debian\\nRepo-URI: file:///nowhere/debian/\\n' ;;
  *--print-uris*) ;;
  apt-config*) printf "LIST='/nowhere/sources.list'\\n" ;;
  *' update'*)
    if [ "$how" = offline ]; then echo 'E: Failed to fetch' >&2; exit 100; fi ;;
  *pkgnames*) ls "$A/show" ;;
  *' show '*) for name; do :; done; cat "$A/show/$name" 2>/dev/null ;;
  *' download '*)
    if [ "$how" = full ]; then echo 'E: write: No space left on device' >&2; exit 100; fi
    for each; do
      case "$each" in *=*) cp "$A/pool/\${each%%=*}.deb" . ;; esac
    done
    if [ "$how" = corrupt ]; then for deb in *.deb; do echo x >> "$deb"; done; fi ;;
esac
exit 0
`;

/** A stand-in for apt over packages that dpkg-deb builds here. */
export const makeFakeArchive = async (dir: string, packages: readonly FakePackage[]): Promise<FakeArchive> => {
  for (const sub of ['bin', 'show', 'pool', 'build']) mkdirSync(join(dir, sub), { recursive: true });
  for (const { name, depends = '', files } of packages) {
    const root = join(dir, 'build', name);
    const about = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: a test <test@example.org>\nDescription: a test\n`;
    for (const [path, content] of Object.entries({ ...files, 'DEBIAN/control': about })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const deb = join(dir, 'pool', `${name}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', root, deb], { stdio: 'ignore' });
    const fields = `${about}Depends: ${depends}\nSize: ${statSync(deb).size}\nSHA256: ${await sha256OfFile(deb)}\n`;
    writeFileSync(join(dir, 'show', name), fields);
  }
  for (const program of ['apt-get', 'apt-cache', 'apt-config']) {
    writeFileSync(join(dir, 'bin', program), script(dir));
    chmodSync(join(dir, 'bin', program), 0o755);
  }
  const behave: FakeArchive['behave'] = (how) => {
    writeFileSync(join(dir, 'how'), how);
  };
  behave('ok');
  writeFileSync(join(dir, 'calls'), '');
  return {
    bin: join(dir, 'bin'),
    behave,
    calls: () => readFileSync(join(dir, 'calls'), 'utf8').split('\n').length - 1,
  };
};
