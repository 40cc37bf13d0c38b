// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { pathToFileURL } from 'node:url';

import { runBench } from './bench.mjs';
import { cliBin, ensureBuilt } from './build.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { Interrupted, LaunchFailure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { runTarget } from './nx.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { runQuestion } from './question.mjs';
import { runTests } from './test-run.mjs';

/** Only these touch packages, QEMU or the network; everything else needs Node alone. */
const needsMachine = new Set(['verify', 'vm']);

/** @param {readonly string[]} args */
const asksHelp = (args) => args.some((arg) => arg === '--help' || arg === '-h' || arg === '--version');

/**
 * Hands this process over to the command: no child between it and the user's signals.
 * @param {readonly string[]} args
 */
const runCommand = async (args) => {
  await withSetupLock(async () => {
    await ensureInstalled();
    await ensureBuilt();
    // `vm doctor` says what is missing, so it must run where something is.
    const machine =
      needsMachine.has(args[0] ?? '') && !asksHelp(args) && args[1] !== 'doctor' && !args.includes('--recorded');
    if (machine) await ensureDebianPackages();
  });
  process.argv = [process.execPath, cliBin, ...args];
  await import(pathToFileURL(cliBin).href);
};

/** @param {readonly string[]} args */
const dispatch = async (args) => {
  const [command, ...rest] = args;
  if (command === 'test') return runTests(rest);
  if (command === 'bench') return runBench(rest);
  if (command === 'question') return runQuestion(rest);
  if (command === 'nx') return runTarget(rest);
  await runCommand(args);
  return undefined;
};

/** @param {readonly string[]} args */
export const run = async (args) => {
  try {
    const code = await dispatch(args);
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    if (error instanceof LaunchFailure) {
      process.stderr.write(`${error.format()}\n`);
      process.exitCode = error.exit;
    } else if (error instanceof Interrupted) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exit;
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 70;
    }
  }
};
