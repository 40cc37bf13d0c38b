#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
import { mpath } from './application.js';
import type { CliContext, Output } from './context.js';

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  get isTTY() {
    return stream.isTTY;
  },
  get columns() {
    return stream.columns;
  },
});

// `mpath … | head` ends the reader first; that is no fault of anybody.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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
