#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
import { mpath } from './application.js';
import type { CliContext, Output } from './context.js';
import { errors } from './errors.js';

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  get isTTY() {
    return stream.isTTY;
  },
  get columns() {
    return stream.columns;
  },
});

for (const [name, stream] of [
  ['standard output', process.stdout],
  ['standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `mpath … | head` ends the reader first; that is no fault of anybody. Files are still written, and the
    // exit code says what was found.
    if (error.code === 'EPIPE') return;
    // Nothing that follows would be read; machines end with the process.
    const lost = errors.fail('LMP-919', {
      message: `expected room for what is printed: ${error.message}`,
      where: name,
      todo: 'make room, or send it elsewhere',
    });
    if (stream !== process.stderr) process.stderr.write(`${lost.format()}\n`);
    process.exit(2);
  });
}

const context: CliContext = {
  process: { stdout: outputOf(process.stdout), stderr: outputOf(process.stderr) },
  cwd: process.cwd(),
  env: process.env,
  now: () => performance.now() / 1_000,
  today: () => new Date().toISOString().slice(0, 10),
  exit: 0,
};
process.exitCode = await mpath(process.argv.slice(2), context);
