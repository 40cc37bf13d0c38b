// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath } from '../mpath-process.js';
import { parseDocument, type DocumentStep } from './parse-document.js';
import { runStep } from './run-step.js';
import { ShellSession, type SessionOptions } from './shell-session.js';

export interface DocumentTestOptions extends Omit<SessionOptions, 'cwd'> {
  /** Folder that the reader stands in; a new, empty one unless given. May prepare one. */
  readonly cwd?: string | (() => Promise<string>);
  /** Machines may be booted: blocks marked `live` are run, too. */
  readonly live?: boolean;
  /** Of one block, all its commands. Default: five minutes. */
  readonly blockMs?: number;
}

const titleOf = (step: DocumentStep): string => {
  const what =
    step.kind === 'console' ? (step.commands[0]?.text.split('\n')[0] ?? 'nothing') : `${step.kind} ${step.path}`;
  return `${step.heading}: ${what} (line ${String(step.at)})`;
};

/** Tests of a document: one for each block, in its order, in one session of a shell. */
export const documentTests = (file: URL, options: DocumentTestOptions = {}): void => {
  const { cwd, live = false, blockMs = 300_000, ...others } = options;
  const steps = parseDocument(readFileSync(file, 'utf8'));
  const isRun = (step: DocumentStep): boolean => live || step.kind !== 'console' || !step.live;

  describe(`the document ${basename(fileURLToPath(file))}`, () => {
    let session: ShellSession | undefined;
    beforeAll(async () => {
      await buildMpath();
      const place = typeof cwd === 'function' ? await cwd() : cwd;
      session = await ShellSession.open({ ...others, ...(place === undefined ? {} : { cwd: place }) });
    }, 300_000);
    afterAll(() => session?.close());

    for (const step of steps) {
      it.skipIf(!isRun(step))(
        `says ${titleOf(step)}`,
        async () => {
          if (session === undefined) throw new Error('there is no session');
          expect(await runStep(step, session)).toBe('as shown');
        },
        blockMs,
      );
    }
  });
};
