// SPDX-License-Identifier: GPL-2.0-only
import { STUCK, type ModelProfile, type Scenario } from '@libmultipath/contract';
import { loadScenarios, parseScenario, runInGuest } from '@libmultipath/scenario';
import { everySchedule } from '@libmultipath/scenario/testing/every-schedule';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { ToyGuest } from '@libmultipath/scenario/testing/toy-guest';
import type { ToyTopology, ToyWorld } from '@libmultipath/scenario/testing/toy-model';
import { describe, expect, it } from 'vitest';
import { allowedOutcomes } from './allowed-outcomes.js';
import { diffModels } from './diff-models.js';
import { countOutcomes, judge } from './judge.js';

type Profile = ModelProfile<ToyTopology, ToyWorld>;
const profile = (name: string): Profile => {
  const found = toyDriver.models.find((model) => model.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const parse = (steps: string, more = ''): Scenario =>
  parseScenario(
    `schema: mpath.scenario/1\nname: t\ntitle: T\ndriver: toy\ntopology: { buttons: [a, b] }\nsteps: [${steps}]\n${more}`,
    't.scenario.yaml',
    [toyDriver],
  );
const explore = everySchedule;
const allowed = (scenario: Scenario, model: ModelProfile<unknown, unknown> = profile('2.0')) =>
  allowedOutcomes(scenario, toyDriver, model, { explore });
const race = '{ press: [a, b] }, { observe: last }';

describe('the allowed set', () => {
  it('is all that some schedule shows', () => {
    expect(allowed(parse(race, 'outcomes: 2\n'))).toEqual({
      model: '2.0',
      outcomes: [{ last: 'a' }, { last: 'b' }],
      complete: true,
      bound: 'complete (every schedule)',
      reports: [],
    });
  });

  it('is too loose when it is larger than the scenario says', () => {
    expect(allowed(parse(race)).unusable).toEqual({
      verdict: 'too-loose',
      reason: 'model 2.0 allows 2 outcomes, the scenario 1',
    });
  });

  it('keeps only the demanded order, and is unusable when no schedule has it', () => {
    const timer = '{ arm: 3 }, return, await-expiry, { observe: order }';
    expect(allowed(parse(timer, 'demand: { order: [returned, expired] }\n')).outcomes).toEqual([
      { order: ['returned', 'expired'] },
    ]);
    const never = allowed(parse(timer, 'demand: { order: [returned] }\n'));
    expect(never.unusable).toMatchObject({ verdict: 'error' });
    expect(never.instead).toContainEqual({ order: ['returned', 'expired'] });
  });

  it('is unusable when the exploration is not complete or the model throws', () => {
    const partly = () => ({
      ...everySchedule({ name: 'none', make: () => ({ outcome: () => ({}) }) }),
      complete: false,
      bound: 'stopped',
    });
    expect(allowedOutcomes(parse('return'), toyDriver, profile('2.0'), { explore: partly }).unusable?.reason).toMatch(
      /^LMP-505: .*stopped$/,
    );
    const throws = (): never => {
      throw new Error('no world');
    };
    const broken: Profile = { ...profile('2.0'), makeWorld: throws };
    expect(allowed(parse('return'), broken).unusable?.reason).toMatch(/^LMP-507: /);
  });

  it('has a schedule that cannot go on as an outcome of its own', () => {
    expect(allowed(parse('{ press: a }, hang, { observe: total }')).outcomes).toEqual([{ [STUCK]: '6: hang' }]);
  });

  it('carries what the simulated kernel reported', () => {
    expect(allowed(parse('crash')).reports).toEqual(['BUG: kernel NULL pointer dereference in toy_panel']);
  });

  it('is left by a kernel that had no fault where each schedule of the model has one', () => {
    const scenario = parse('crash');
    const faults = allowed(scenario);
    expect(faults.outcomes).toEqual([]);
    expect(judge(scenario, faults, [])).toMatchObject({ verdict: 'error' });
    expect(judge(scenario, faults, countOutcomes([{}]))).toMatchObject({
      verdict: 'diverge',
      differences: [{ model: [expect.anything()], kernel: null }],
    });
  });
});

it('a wrong line in the model diverges, and the row names the observation and both values', async () => {
  const wrong: Profile = {
    ...profile('2.0'),
    makeWorld: (topology) => {
      const world = profile('2.0').makeWorld(topology);
      world.press = () => undefined;
      return world;
    },
  };
  const scenario = parse('{ press: a }, { observe: total }');
  const seen = countOutcomes([await runInGuest(scenario, toyDriver, new ToyGuest())]);
  expect(judge(scenario, allowed(scenario), seen).verdict).toBe('agree');
  expect(judge(scenario, allowed(scenario, wrong), seen)).toMatchObject({
    verdict: 'diverge',
    differences: [{ observation: 'total', model: [0], kernel: 1, line: 6 }],
  });
});

describe('the difference of two models', () => {
  const diff = async (driver = toyDriver) => {
    const loaded = await loadScenarios(toyDriver.scenarios, [toyDriver]);
    const scenarios = loaded.map(({ scenario }) => scenario);
    return diffModels(profile('1.0'), profile('2.0'), scenarios, driver, allowed);
  };

  it('has a row for each observation that differs, explained by the driver, and names what is missing', async () => {
    const document = await diff();
    expect(document.summary).toEqual({ same: 2, differs: 1, unsupported: 1, error: 0, unexplained: 0 });
    expect(document.scenarios.find(({ name }) => name === 'remembered')?.differences).toMatchObject([
      { observation: 'last', a: [null], b: ['a'], line: 9, why: '1.0 has no memory (toy-model.ts)' },
    ]);
    expect(document.scenarios.find(({ name }) => name === 'racing-presses')?.reason).toBe(
      'needs memory (remembers the last button, since 2.0), which 1.0 does not have',
    );
  });

  it('counts what nobody has explained', async () => {
    expect((await diff({ ...toyDriver, explanations: [] })).summary.unexplained).toBe(1);
  });
});
