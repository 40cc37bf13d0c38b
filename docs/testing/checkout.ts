// SPDX-License-Identifier: GPL-2.0-only
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'packages/cli/dist/bin.js');

/** What a reader finds in a checkout and a page speaks of; it is read, so links will do. */
const seen = ['docs', 'drivers', 'packages', 'test', 'README.md'];

/** The launcher would install and build this checkout, whose tests run just now; what it hands over to is all here. */
const mpath = `#!/bin/sh
exec '${process.execPath}' '${bin}' "$@"
`;

/** The scripts of package.json that pages show, without npm's own lines about them. */
const npm = `#!/bin/sh
[ "$1" = run ] || { echo "npm $*: a page may show npm run alone" >&2; exit 99; }
shift
[ "$1" = -s ] && shift
script=$1; shift
[ "$1" = -- ] && shift
case "$script" in
  verify) exec '${process.execPath}' '${bin}' verify "$@" ;;
  question) name=$1; shift
    cd '${root}' && exec '${process.execPath}' --conditions=@libmultipath/source --import tsx "docs/questions/$name.ts" "$@" ;;
  *) echo "npm run $script: not among the scripts of pages" >&2; exit 99 ;;
esac
`;

/** A folder that looks to a reader like a checkout, but that nothing written there is in this one. */
export class Checkout {
  private constructor(
    private readonly base: string,
    readonly dir: string,
    /** For the reader's shell. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static async make(): Promise<Checkout> {
    const base = await mkdtemp(join(tmpdir(), 'mpath-checkout-'));
    const [dir, bins] = [join(base, 'libmultipath'), join(base, 'bin')];
    for (const folder of [dir, bins]) await mkdir(folder);
    for (const name of seen) await symlink(join(root, name), join(dir, name));
    await writeFile(join(dir, 'package.json'), '{ "type": "module" }\n');
    await writeFile(join(dir, 'mpath.config.ts'), `export { default } from '${join(root, 'mpath.config.ts')}';\n`);
    for (const [file, text] of [
      [join(dir, 'mpath'), mpath],
      [join(bins, 'mpath'), mpath],
      [join(bins, 'npm'), npm],
    ] as const) {
      await writeFile(file, text);
      await chmod(file, 0o755);
    }
    return new Checkout(base, dir, {
      PATH: [bins, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    });
  }

  remove(): Promise<void> {
    return rm(this.base, { recursive: true, force: true });
  }
}
