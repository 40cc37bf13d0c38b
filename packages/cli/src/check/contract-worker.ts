// SPDX-License-Identifier: GPL-2.0-only
import { parentPort, workerData } from 'node:worker_threads';
import { checkDriver, type ContractResult } from '@libmultipath/driver-kit';
import { isLmpError } from '@libmultipath/errors';
import { loadConfig } from '../config.js';
import { driverNamed } from '../selection.js';

/** What the thread is to look at: names, since drivers cannot be handed over. */
export interface ContractTask {
  /** Path of the configuration. */
  readonly config: string;
  readonly drivers: readonly string[];
  readonly revision: string;
}

export type ContractAnswer =
  | { readonly at: string }
  | { readonly results: readonly ContractResult[] }
  | { readonly error: { readonly code?: string; readonly message: string; readonly where?: string } };

const tell = (answer: ContractAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort?.postMessage(answer);
};

const run = async ({ config, drivers, revision }: ContractTask): Promise<void> => {
  const loaded = await loadConfig(config);
  const results = drivers.map((name) => {
    tell({ at: `driver ${name} on ${revision}` });
    return checkDriver(driverNamed(loaded, name), { revisions: [revision] });
  });
  tell({ results });
};

try {
  // Started by contract.ts alone, which gives it that.
  await run(workerData as ContractTask);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  tell({
    error: isLmpError(error)
      ? { code: error.code, message, ...(error.where === undefined ? {} : { where: error.where }) }
      : { message },
  });
}
