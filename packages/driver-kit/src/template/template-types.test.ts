// SPDX-License-Identifier: GPL-2.0-only
import { libV3, type mpath_device } from '@libmultipath/core';
import type { Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { defineDriver } from '../define-driver.js';
import { exampleDriver, exampleTemplate } from '../testing/example-driver.js';
import type { TemplateV3 } from './template-types.js';

/*
 * `tsc` is half of this test: where the next line is no error, an unused `@ts-expect-error` is one.
 */

function* no(): Steps<boolean> {
  return false;
}
function* zero(): Steps<number> {
  return 0;
}
function* nothing(): Steps<void> {}
function* nobody(): Steps<null> {
  return null;
}

const mandatory = { available_path: no, is_disabled: no, is_optimized: no };

const whole: readonly TemplateV3[] = [
  mandatory,
  { ...mandatory, add_cdev: zero, del_cdev: nothing, cdev_ioctl: zero },
  { ...mandatory, ioctl_begin: nobody, ioctl_finish: nothing, remove_head: nothing },
];

// @ts-expect-error is_optimized is missing
const withoutMandatory: TemplateV3 = { available_path: no, is_disabled: no };
// @ts-expect-error del_cdev and cdev_ioctl are missing
const thirdOfThree: TemplateV3 = { ...mandatory, add_cdev: zero };
// @ts-expect-error ioctl_finish is missing
const half: TemplateV3 = { ...mandatory, ioctl_begin: nobody };
// @ts-expect-error v3 has no get_iopolicy
const foreign: TemplateV3 = { ...mandatory, get_iopolicy: zero };
// @ts-expect-error a number is no answer
const wrongAnswer: TemplateV3 = { ...mandatory, is_disabled: zero };
// @ts-expect-error a callback has steps
const noSteps: TemplateV3 = { ...mandatory, is_disabled: (_dev: mpath_device) => false };

/** What a driver has beside its models. */
const withoutModels = () => {
  const { name, title, topology, features, steps, observations, guest, explanations, scenarios, ...more } =
    exampleDriver();
  const declares = more.declares.bind(more);
  const profileFor = more.profileFor.bind(more);
  return {
    api: more.api,
    name,
    title,
    topology,
    features,
    steps,
    observations,
    guest,
    explanations,
    scenarios,
    declares,
    profileFor,
  };
};

const refused = (template: unknown): unknown => {
  const rest = withoutModels();
  const environment = {
    features: [],
    numa: () => ({ nodes: [0], cpuNodes: [0] }),
    makeWorld: () => {
      throw new Error('never made');
    },
  };
  try {
    // What the types forbid is what is tested.
    return defineDriver({ ...rest, environment, revisions: { v3: () => template as TemplateV3 } });
  } catch (error) {
    return error;
  }
};

describe('what does not compile is, at run time, a numbered error', () => {
  it.each<[string, string, unknown]>([
    ['LMP-102', 'without a mandatory callback', withoutMandatory],
    ['LMP-103', 'with a third of the char device', thirdOfThree],
    ['LMP-103', 'with half of the ioctl pair', half],
    ['LMP-104', 'with a callback of another revision', foreign],
    ['LMP-104', 'with data for a callback', { ...mandatory, is_disabled: true }],
    ['LMP-609', 'that is none', undefined],
  ])('%s: a template %s', (code, _what, template) => {
    expect(refused(template)).toMatchObject({ code });
  });

  it('names the driver and the callback', () => {
    expect(refused(half)).toMatchObject({ message: expect.stringContaining('ioctl_finish') });
    expect(refused(undefined)).toMatchObject({ where: 'driver example, revisions.v3' });
  });

  it('LMP-609: a revision that throws', () => {
    const rest = withoutModels();
    const throws = (): never => {
      throw new RangeError('no');
    };
    const environment = { features: [], numa: () => ({ nodes: [0], cpuNodes: [0] }), makeWorld: throws };
    expect(() => defineDriver({ ...rest, environment, revisions: { v3: throws } })).toThrow(
      expect.objectContaining({ code: 'LMP-609' }),
    );
  });
});

it('takes whole templates, and answers of a wrong type only while it runs', () => {
  for (const template of [...whole, wrongAnswer, noSteps]) expect(refused(template)).not.toBeInstanceOf(Error);
});

it('makes a model of each revision, of fixed, and of v3 with remedies', () => {
  const driver = exampleDriver();
  expect(driver.models.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['v3 library', 'fixed library']);
  expect(driver.libraryModel?.([]).name).toBe(libV3.revision);
  expect(driver.libraryModel?.(['rearming-puts-module']).name).toBe('v3+rearming-puts-module');
  expect(Object.keys(exampleTemplate)).toContain('remove_head');
});
