// SPDX-License-Identifier: GPL-2.0-only
import type { ChildProcess } from 'node:child_process';

/** What a program that has ended leaves. */
export interface Ran {
  /** Exit code; null after a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** All that a program prints, until it has ended; rejects when it cannot be started. */
export const ran = (child: ChildProcess): Promise<Ran> =>
  new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
