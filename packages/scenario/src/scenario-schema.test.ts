// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { scenarioSchema } from './scenario-schema.js';
import { toyDriver } from './testing/toy-driver.js';

const text = JSON.stringify(scenarioSchema(toyDriver));

it('is plain JSON of the current draft with the driver’s name and topology', () => {
  expect(scenarioSchema(toyDriver)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    properties: { driver: { const: 'toy' }, topology: { properties: { buttons: { type: 'array' } } } },
    required: ['schema', 'name', 'title', 'driver', 'topology', 'steps'],
    additionalProperties: false,
  });
  expect(JSON.parse(text)).toEqual(scenarioSchema(toyDriver));
});

it('knows every word with its documentation, bare ones only where they may stand alone', () => {
  for (const [name, word] of [...Object.entries(toyDriver.steps), ...Object.entries(toyDriver.observations)]) {
    expect(text).toContain(`"required":["${name}"]`);
    expect(text).toContain(JSON.stringify(word.doc).slice(1, -1));
    expect(text.includes(`{"const":"${name}"`)).toBe(word.args.safeParse(undefined).success);
  }
});

it('lets $window stand for a number', () => {
  expect(text).toContain('"properties":{"arm":{"anyOf":[{"type":"integer"');
  expect(text).toContain('{"const":"$window"}');
});
