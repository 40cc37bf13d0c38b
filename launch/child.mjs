// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { spawn } from 'node:child_process';

import { Interrupted } from './failure.mjs';

/** A child that was told to end has this long before it is killed. */
const graceMs = 30_000;
/** Captured output keeps its end: that is where a failing tool says why. */
const keptBytes = 256 * 1024;

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 128 + n for a signal; 127 where the program does not exist
 * @property {string} output what it printed, when it was captured
 * @property {boolean} timedOut
 */

/**
 * Runs a program to its end. It gets its own process group: a Ctrl-C of the terminal reaches only
 * the launcher, which passes it on once, to the whole group.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeoutMs: number }} options
 * @returns {Promise<Finished>}
 */
export const runChild = (program, args, { cwd, env = process.env, capture = false, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const grouped = process.platform !== 'win32';
    const child = spawn(program, args, {
      cwd,
      env,
      detached: grouped,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });

    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk.toString('utf8')).slice(-keptBytes);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    /** @type {NodeJS.Timeout | undefined} */
    let grace;
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      if (child.pid === undefined) return;
      try {
        process.kill(grouped ? -child.pid : child.pid, signal);
      } catch {
        // It ended between the question and the signal.
      }
    };
    /** @param {NodeJS.Signals} signal */
    const endSoon = (signal) => {
      end(signal);
      grace ??= setTimeout(() => end('SIGKILL'), graceMs);
    };

    /** @type {'SIGINT' | 'SIGTERM' | 'SIGHUP' | undefined} */
    let stopped;
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      endSoon('SIGTERM');
    }, timeoutMs);
    const handlers = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).map((signal) => {
      const handler = () => {
        stopped ??= signal;
        endSoon(signal);
      };
      process.on(signal, handler);
      return { signal, handler };
    });
    const settle = () => {
      clearTimeout(limit);
      clearTimeout(grace);
      for (const { signal, handler } of handlers) process.off(signal, handler);
    };

    child.once('error', (error) => {
      settle();
      resolve({ code: 127, output: `${output}${error.message}\n`, timedOut });
    });
    child.once('close', (code, signal) => {
      settle();
      if (stopped === undefined) resolve({ code: code ?? signalCode(signal), output, timedOut });
      else reject(new Interrupted(stopped));
    });
  });

/** @param {NodeJS.Signals | null} signal */
const signalCode = (signal) => ({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })[String(signal)] ?? 137;
