// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument } from '@libmultipath/contract';
import { expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { checkSchema } from './check-schema.js';
import { freed } from './story.test.kit.js';

const document: CheckDocument = {
  schema: 'mpath.check/1',
  revision: 'v3',
  complete: true,
  bound: 'complete (sequential consistency)',
  scenarios: [
    {
      name: 'last-put',
      driver: 'nvme',
      verdict: 'fail',
      bound: 'complete (sequential consistency)',
      findings: [{ ...freed.finding, known: false }],
      stats: { executions: 8, steps: 45, replayedSteps: 17, states: 37, seconds: 0.1 },
    },
  ],
  gone: ['HANG-115ffb'],
};

it('is the type of the document, neither more nor less', () => {
  expectTypeOf<z.infer<typeof checkSchema>>().toExtend<CheckDocument>();
  expectTypeOf<CheckDocument['scenarios'][number]['findings'][number]['class']>().toEqualTypeOf<
    z.infer<typeof checkSchema>['scenarios'][number]['findings'][number]['class']
  >();
  expect(checkSchema.parse(document)).toEqual(document);
  const { schema: _schema, ...against } = document;
  expect(checkSchema.parse({ ...document, against })).toEqual({ ...document, against });
  expect(checkSchema.parse({ ...document, states: 'all' })).toEqual({ ...document, states: 'all' });
});

it.each([
  ['an unknown field', { ...document, extra: 1 }],
  ['another schema', { ...document, schema: 'mpath.check/2' }],
  [
    'an odd id',
    { ...document, scenarios: [{ ...document.scenarios[0], findings: [{ ...freed.finding, known: true, id: 'x' }] }] },
  ],
])('refuses %s', (_what, wrong) => {
  expect(checkSchema.safeParse(wrong).success).toBe(false);
});
