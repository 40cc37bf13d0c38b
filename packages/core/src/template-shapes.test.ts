// SPDX-License-Identifier: GPL-2.0-only
import { LmpError } from '@libmultipath/errors';
import { describe, expect, it } from 'vitest';
import { checkTemplate, type TemplateShape } from './structures/check-template.js';
import { templateShapeV1 } from './v1/template-shape.js';
import { toyTemplate as toyV1 } from './v1/testing/toy-driver.js';
import { templateShapeV2 } from './v2/template-shape.js';
import { toyTemplate as toyV2 } from './v2/testing/toy-driver.js';

function* callback() {}

/** Number of the error that the template is refused with. */
const refusal = (template: object, shape: TemplateShape): string | undefined => {
  try {
    checkTemplate({ ...template }, shape);
    return undefined;
  } catch (error) {
    return error instanceof LmpError ? error.code : String(error);
  }
};

describe.each([
  ['v1', toyV1, templateShapeV1, 'ioctl_begin', undefined],
  ['v2', toyV2, templateShapeV2, 'bdev_ioctl', 'LMP-103'],
])('the template of %s', (_revision, toy, shape, foreign, half) => {
  it('is one with all that is called untested, and any of the optional members', () => {
    expect(refusal(toy, shape)).toBeUndefined();
    const all = Object.fromEntries(shape.optional.map((name) => [name, callback]));
    expect(refusal({ ...toy, ...all }, shape)).toBeUndefined();
  });

  it.each(shape.mandatory)('is refused without %s', (name) => {
    expect(refusal({ ...toy, [name]: undefined }, shape)).toBe('LMP-102');
  });

  it('is refused with a member of another revision', () => {
    expect(refusal({ ...toy, [foreign]: callback }, shape)).toBe('LMP-104');
  });

  it('is refused with half a pair, where the revision knows pairs', () => {
    expect(refusal({ ...toy, add_cdev: callback }, shape)).toBe(half);
  });
});
