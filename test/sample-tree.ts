// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { repository } from './tree.js';

const toolMs = 60_000;

/**
 * Runs a tool of the repository in a folder of its own that holds copies of the named files and the
 * sample, and removes the folder.
 * @returns what the tool printed, and its exit code
 */
export const inSampleTree = (
  copies: readonly string[],
  sample: Readonly<Record<string, string>>,
  tool: readonly [program: string, ...args: string[]],
): { code: number | null; output: string } => {
  const dir = mkdtempSync(join(tmpdir(), 'libmultipath-sample-'));
  try {
    for (const [path, text] of Object.entries(sample)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    for (const path of copies) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      copyFileSync(join(repository, path), join(dir, path));
    }
    symlinkSync(join(repository, 'node_modules'), join(dir, 'node_modules'));
    const [program, ...args] = tool;
    const { status, stdout, stderr } = spawnSync(join(repository, 'node_modules', '.bin', program), args, {
      cwd: dir,
      encoding: 'utf8',
      timeout: toolMs,
    });
    return { code: status, output: stdout + stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
