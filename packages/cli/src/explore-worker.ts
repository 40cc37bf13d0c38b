// SPDX-License-Identifier: GPL-2.0-only
import { parentPort, workerData } from 'node:worker_threads';
import { parseScenario } from '@libmultipath/scenario';
import { loadConfig } from './config.js';
import { exploreModel } from './explore-model.js';
import type { ExploreAnswer, ExploreTask } from './explorer.js';

/*
 * Explores models beside the machines: a search is minutes of CPU without a pause, and the
 * thread that serves a guest must answer. Functions do not travel, so the driver is loaded
 * here again and the scenario read from its text.
 */
if (parentPort === null) throw new Error('explore-worker runs as a worker thread only');
const port = parentPort;
// What the creator of this thread gives: the path of the configuration.
const config = loadConfig(String(workerData));

port.on('message', (task: ExploreTask) => {
  void reply(task);
});

const reply = async (task: ExploreTask): Promise<void> => {
  const found = await answer(task);
  port.postMessage(found);
};

const answer = async ({ driver: name, model, text, file, windowScale }: ExploreTask): Promise<ExploreAnswer> => {
  try {
    const { drivers } = await config;
    const driver = drivers.find((one) => one.name === name);
    const profile = driver?.models.find((one) => one.name === model);
    if (driver === undefined || profile === undefined) throw new Error(`the configuration lost ${name} ${model}`);
    const scenario = parseScenario(text, file, drivers, { windowScale });
    return { allowed: exploreModel(scenario, driver, profile) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
};
