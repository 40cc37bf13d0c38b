// SPDX-License-Identifier: GPL-2.0-only
import { parentPort, workerData } from 'node:worker_threads';
import { unitAnswerer } from './answer-unit.js';
import { beatBy } from './heartbeat.js';
import type { UnitRequest, UnitWord } from './messages.js';
import { SharedPulse } from './shared-pulse.js';

/* A thread that explores units, one at a time, until it is ended. */
if (parentPort === null) throw new Error('unit-worker runs as a worker thread only');
const port = parentPort;
if (!(workerData instanceof SharedArrayBuffer)) throw new Error('unit-worker expects its pulse as workerData');
const pulse = new SharedPulse(workerData);
beatBy(() => pulse.beat());
const answer = unitAnswerer(
  { exploring: () => pulse.stopAsked, all: () => pulse.stopAllAsked },
  (done) => {
    pulse.loaded = done;
  },
  (progress) => port.postMessage({ progress } satisfies UnitWord),
  (text) => port.postMessage({ text } satisfies UnitWord),
);
pulse.loaded = true;

const reply = async (request: UnitRequest): Promise<void> => {
  pulse.beat();
  const found = await answer(request);
  pulse.beat();
  port.postMessage(found);
};

port.on('message', (request: UnitRequest) => {
  void reply(request);
});
