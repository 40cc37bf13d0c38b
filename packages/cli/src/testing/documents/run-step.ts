// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { patched } from '../guide.js';
import { unlike } from './expected-output.js';
import type { DocumentStep, ShownCommand } from './parse-document.js';
import type { Printed, ShellSession } from './shell-session.js';

/** With this a reader sees the exit code of the command before it. */
const ASKS_FOR_CODE = 'echo $?';

const runCommands = async (commands: readonly ShownCommand[], session: ShellSession): Promise<void> => {
  let code: number | null = 0;
  for (const [index, { text, expected, at }] of commands.entries()) {
    const asked = text === ASKS_FOR_CODE;
    const printed: Printed = asked ? { output: `${String(code)}\n`, code: 0 } : await session.run(text);
    const wrong = unlike(printed.output, expected);
    if (wrong !== undefined) throw new Error(`line ${String(at)}: ${text}\n${wrong}`);
    const shown = commands[index + 1]?.text === ASKS_FOR_CODE;
    if (printed.code !== 0 && !shown) {
      throw new Error(
        `line ${String(at)}: ${text}\nended with ${String(printed.code)}; a document shows that with "$ ${ASKS_FOR_CODE}"\n${printed.output}`,
      );
    }
    ({ code } = printed);
  }
};

/**
 * Does what a step of a document says, as its reader would.
 * @throws Error with the line of the document: something else was printed, or stands in the file
 */
export const runStep = async (step: DocumentStep, session: ShellSession): Promise<'as shown'> => {
  if (step.kind === 'console') {
    await runCommands(step.commands, session);
    return 'as shown';
  }
  const path = session.path(step.path);
  const text = `${step.lines.join('\n')}\n`;
  if (step.kind === 'file') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return 'as shown';
  }
  const there = await readFile(path, 'utf8');
  if (step.kind === 'patch') await writeFile(path, patched(there, step.lines));
  else if (!there.includes(text)) throw new Error(`line ${String(step.at)}: ${step.path} has other lines than these`);
  return 'as shown';
};
