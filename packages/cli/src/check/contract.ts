// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';
import { findingId } from '@libmultipath/checker';
import type { AnyDriver, CheckFinding, CheckScenario } from '@libmultipath/contract';
import { contractRules, type ContractResult } from '@libmultipath/driver-kit';
import { LmpError, type LmpCode } from '@libmultipath/errors';
import { isBatteryDriver } from '@libmultipath/scenario';
import { errors } from '../errors.js';
import type { CheckedRevision } from './assemble.js';
import type { ContractAnswer, ContractTask } from './contract-worker.js';
import type { KnownOf } from './known.js';
import { modelOf, type ModelName } from './models.js';

/** Name of the row: no scenario can be called so. */
export const CONTRACT = '(contract)';

/** Held to the contract a driver takes a second; a busy machine makes minutes of it. Longer, and it loops. */
const LONGEST_MS = 180_000;

const NOTHING = { executions: 0, steps: 0, replayedSteps: 0, states: 0, seconds: 0 };

/** Is there anything to hold the driver to on that model? */
const concerns = (driver: AnyDriver, name: ModelName): boolean =>
  name.remedies.length === 0 &&
  !isBatteryDriver(driver) &&
  driver.battery !== undefined &&
  modelOf(driver, name)?.kind === 'library';

/** Runs the checks in a thread of their own, since a driver may never come back. */
const inThread = (task: ContractTask, signal: AbortSignal): Promise<readonly ContractResult[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./contract-worker.js', import.meta.url), { workerData: task });
    let place = task.drivers.join(', ');
    const end = (settled: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      worker.removeAllListeners();
      void worker.terminate();
      settled();
    };
    const aborted = (): void => end(() => resolve([]));
    const timer = setTimeout(() => {
      end(() =>
        reject(
          errors.fail('LMP-930', {
            message: `the driver did not come back within ${String(LONGEST_MS / 1_000)} s`,
            where: place,
            todo: 'a callback loops without taking a step: look for a loop without yield*',
          }),
        ),
      );
    }, LONGEST_MS);
    signal.addEventListener('abort', aborted);
    worker.on('message', (answer: ContractAnswer) => {
      if ('at' in answer) place = answer.at;
      else if ('results' in answer) end(() => resolve(answer.results));
      else {
        const { code, message, where } = answer.error;
        end(() =>
          reject(
            code === undefined
              ? errors.fail('LMP-930', { message, where: place })
              : // The thread gives a numbered error's own code.
                new LmpError(code as LmpCode, { message, ...(where === undefined ? {} : { where }) }),
          ),
        );
      }
    });
    worker.on('error', (error) => end(() => reject(errors.fail('LMP-930', { message: String(error), where: place }))));
    worker.on('exit', () => end(() => reject(errors.fail('LMP-930', { message: 'the thread ended', where: place }))));
  });

const rowOf = (
  { driver, findings, excepted }: ContractResult,
  { revision }: ModelName,
  known: (id: string) => boolean,
): CheckScenario => {
  const found = findings.map(({ rule, callback, message }): CheckFinding => {
    const identity = {
      class: 'driver-contract',
      object: 'mpath_head_template',
      functions: [callback],
      sites: [rule],
      head: rule === 'clean-run' ? message.split(' ').slice(0, 4).join(' ') : rule,
    } as const;
    const id = findingId(identity);
    return {
      id,
      class: identity.class,
      object: identity.object,
      functions: identity.functions,
      sites: identity.sites,
      tasks: [],
      switches: 0,
      events: 0,
      message,
      replay: '',
      known: known(id),
    };
  });
  const rules = Object.keys(contractRules).length - excepted.length;
  return {
    name: CONTRACT,
    driver,
    verdict: found.length > 0 ? 'fail' : 'pass',
    bound: `${String(rules)} rules on ${revision}, one thing at a time`,
    findings: found,
    stats: NOTHING,
  };
};

/** What the contract checks found of one revision: a row for each driver. */
export const contractRows = async (
  config: string,
  drivers: readonly AnyDriver[],
  name: ModelName,
  known: KnownOf,
  signal: AbortSignal,
): Promise<readonly CheckScenario[]> => {
  const held = drivers.filter((driver) => concerns(driver, name));
  if (held.length === 0) return [];
  const task = { config, drivers: held.map((driver) => driver.name), revision: name.revision };
  const results = await inThread(task, signal);
  return results.map((result) => {
    const driver = held.find((one) => one.name === result.driver);
    const list = driver === undefined ? [] : (known.get(driver) ?? []);
    return rowOf(result, name, (id) =>
      list.some((entry) => entry.id === id && entry.revisions.includes(name.revision)),
    );
  });
};

/** The rows of the contract with those of the scenarios. */
export const withContract = (checked: CheckedRevision, rows: readonly CheckScenario[]): CheckedRevision => {
  const ids = new Set(rows.flatMap(({ findings }) => findings.map(({ id }) => id)));
  const { part } = checked;
  // Where the contract was not looked at (shapes of the battery, remedies), nothing of it can be gone.
  const isGone = (id: string): boolean => (rows.length === 0 ? !id.startsWith('DRV-') : !ids.has(id));
  const gone = part.gone.filter(isGone);
  return { ...checked, part: { ...part, scenarios: [...rows, ...part.scenarios], gone } };
};
