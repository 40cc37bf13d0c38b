// SPDX-License-Identifier: GPL-2.0-only
import { isMainThread, Worker } from 'node:worker_threads';
import { errors } from './errors.js';

/** Loading takes about a second of a processor; a busy machine gives it that late, so no clock on the wall tells. */
const MOST_CPU_SECS = 10;
const LOOK_EACH_MS = 500;

/**
 * Halts the thread that started it. Nothing else ends a loop of somebody else's code in one's own
 * thread: the loop never gives a signal's handler, or a timer, its turn.
 */
const HALT = `
const { Session } = require('node:inspector');
const before = process.cpuUsage();
const looking = setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  if (user + system < ${String(MOST_CPU_SECS)}e6) return;
  clearInterval(looking);
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => {});
}, ${String(LOOK_EACH_MS)});
`;

/**
 * Runs what loads code that may loop, or wait for ever, while it is loaded. The process then ends with
 * LMP-936 and 2: after such a loop nothing of it can be trusted to go on.
 */
export const guarded = async <T>(what: string, load: () => Promise<T>): Promise<T> => {
  if (!isMainThread) return load();
  const complain = (): void => {
    const error = errors.fail('LMP-936', {
      message: `it did not come back within ${String(MOST_CPU_SECS)} s of a processor, or waits for what never comes`,
      where: what,
      todo: 'look for a loop or an await at the top level of the file, or of a driver that it imports',
    });
    process.stderr.write(`${error.format()}\n`);
    process.exitCode = 2;
  };
  process.once('exit', complain);
  const guard = new Worker(HALT, { eval: true, stderr: true, stdout: true });
  guard.unref();
  try {
    return await load();
  } finally {
    process.removeListener('exit', complain);
    await guard.terminate();
  }
};
