// SPDX-License-Identifier: GPL-2.0-only

export type KernelRequest =
  /** A name of the catalogue, or `latest`. */
  | { readonly kind: 'name'; readonly name: string }
  /** A bzImage; `modulesDir` is what `make modules_install` made, or the build tree. */
  | { readonly kind: 'path'; readonly vmlinuz: string; readonly modulesDir?: string }
  /** The kernel that runs on this machine; of a system below `root`, a mounted image say: that, or its newest. */
  | { readonly kind: 'host'; readonly root?: string };

export interface Kernel {
  readonly name: string;
  /** As `uname -r` says it, from the header of the image. */
  readonly release: string;
  readonly vmlinuzPath: string;
  /** Holds `modules.builtin` and, at any depth, module files. */
  readonly modulesDir?: string;
  /** Names of modules.builtin, `_` for `-`. */
  readonly builtin: ReadonlySet<string>;
  /** Changes when the kernel or its modules change. */
  readonly contentKey: string;
}

/** Takes one line of progress, without a newline. */
export type Progress = (line: string) => void;

/** The kernel's own rule: `-` and `_` are one in a module's name. */
export const moduleName = (name: string): string => name.replaceAll('-', '_');

/** The names in the text of a modules.builtin: one path a line. */
export const parseBuiltin = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split('\n')
      .map((line) => /([^/]+)\.ko$/.exec(line.trim())?.[1])
      .filter((name) => name !== undefined)
      .map(moduleName),
  );
