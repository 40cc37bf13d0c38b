// SPDX-License-Identifier: GPL-2.0-only
import { canonical, FAULT, STUCK, type Json } from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import { expect, it } from 'vitest';
import { loadScenarios } from './load-scenarios.js';
import { parseScenario } from './parse-scenario.js';
import { runInGuest } from './run-in-guest.js';
import { scenarioProgram } from './scenario-program.js';
import { everySchedule } from './testing/every-schedule.js';
import { toyDriver } from './testing/toy-driver.js';
import { ToyGuest } from './testing/toy-guest.js';

const profile = (name: string) => {
  const found = toyDriver.models.find((model) => model.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const parse = (steps: string) =>
  parseScenario(
    `schema: mpath.scenario/1\nname: t\ntitle: T\ndriver: toy\ntopology: { buttons: [a, b] }\nsteps: [${steps}]\n`,
    't.scenario.yaml',
    [toyDriver],
  );
const outcomesOf = (steps: string, model = '2.0'): Json[] => {
  const { outcomes, ends } = everySchedule(scenarioProgram(parse(steps), toyDriver, profile(model)));
  const all = [...outcomes.map(({ value }) => value), ...ends.stuckAt.map(({ outcome }) => outcome)];
  return all.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
};

it('presses that race lose an update in some schedule, and either is the last', () => {
  expect(outcomesOf('{ press: [a, b] }, { observe: [total, last] }')).toEqual([
    { last: 'a', total: 1 },
    { last: 'a', total: 2 },
    { last: 'b', total: 1 },
    { last: 'b', total: 2 },
  ]);
});

it('a step comes to rest before the next begins', () => {
  expect(outcomesOf('{ press: a }, { press: b }, { observe: [total, last] }')).toEqual([{ last: 'b', total: 2 }]);
});

it('a background step goes on beside the next', () => {
  const steps =
    '{ start-press: { as: p, button: a } }, { observe: total }, { await-press: p }, { observe: { total: , as: later } }';
  expect(outcomesOf(steps)).toEqual([
    { later: 1, total: 0 },
    { later: 1, total: 1 },
  ]);
});

it('a timer may expire before or after what follows it', () => {
  expect(outcomesOf('{ arm: 3 }, return, await-expiry, { observe: order }')).toEqual([
    { order: ['expired', 'returned'] },
    { order: ['returned', 'expired'] },
  ]);
});

it('a schedule that cannot go on says at which entry', () => {
  expect(outcomesOf('{ press: a }, { observe: total }, hang, { observe: last }')).toEqual([
    { total: 1, [STUCK]: '6: hang' },
  ]);
});

it('an oops of the model ends the scenario there and is a report', () => {
  const found = everySchedule(scenarioProgram(parse('crash, { observe: total }'), toyDriver, profile('2.0')));
  const oops = 'BUG: kernel NULL pointer dereference in toy_panel';
  expect(found.outcomes.map(({ value }) => value)).toEqual([{ [STUCK]: '6: crash', [FAULT]: [oops] }]);
  expect(found.reports).toEqual([{ report: { message: oops } }]);
});

it('the guest carries out the same entries and gives equal values', async () => {
  for (const { scenario } of await loadScenarios(toyDriver.scenarios, [toyDriver])) {
    const allowed = everySchedule(scenarioProgram(scenario, toyDriver, profile('2.0'))).outcomes.map(({ key }) => key);
    const seen = await runInGuest(scenario, toyDriver, new ToyGuest());
    expect(allowed).toContain(canonical(seen));
    expect(Object.keys(seen)).toEqual(scenario.steps.flatMap((step) => (step.kind === 'observe' ? [step.label] : [])));
  }
});

it('a step that fails in the guest is told with its place and cause', async () => {
  const failing = runInGuest(parse('{ press: a }, return'), toyDriver, new ToyGuest({ broken: 'return' }));
  const error: unknown = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isLmpError(error) && error.format()).toBe(
    'LMP-420: t.scenario.yaml:6:23: `return` failed in the guest: /do/return: not in time',
  );
  expect(isLmpError(error) && error.cause).toMatchObject({ errno: 'ETIMEDOUT' });
});
