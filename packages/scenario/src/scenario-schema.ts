// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver } from '@libmultipath/contract';
import { z } from 'zod';
import { documentSchema } from './document-schema.js';
import { WINDOW } from './substitute.js';

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Word {
  readonly doc: string;
  readonly example: string;
  readonly args: z.ZodType;
}

/** JSON Schema of a driver's scenario files, for completion and checks in an editor. */
export const scenarioSchema = (driver: AnyDriver): JsonSchema => {
  const frame = schemaOf(documentSchema);
  const verbs = Object.entries(driver.steps);
  const observations = Object.entries(driver.observations);
  const observation = {
    anyOf: [
      ...bare(observations),
      ...observations.map(([name, word]) =>
        entry(name, word, { as: { type: 'string', description: 'Its label in the outcome.' } }),
      ),
    ],
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...frame,
    title: `Scenario of the driver ${driver.name}`,
    properties: {
      ...frame.properties,
      driver: { const: driver.name },
      topology: schemaOf(driver.topology),
      needs: { type: 'array', items: { anyOf: features(driver) } },
      steps: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            ...bare(verbs),
            ...verbs.map(([name, word]) => entry(name, word, {})),
            {
              type: 'object',
              properties: { observe: { anyOf: [observation, { type: 'array', minItems: 1, items: observation }] } },
              required: ['observe'],
              additionalProperties: false,
            },
          ],
        },
      },
    },
  };
};

const features = (driver: AnyDriver): JsonSchema[] =>
  Object.entries(driver.features).map(([name, description]) => ({ const: name, description }));

/** Words that may stand alone. */
const bare = (words: readonly (readonly [string, Word])[]): JsonSchema[] =>
  words
    .filter(([, word]) => word.args.safeParse(undefined).success)
    .map(([name, word]) => ({ const: name, description: word.doc }));

const entry = (name: string, word: Word, more: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  description: `${word.doc} E.g. \`${word.example}\`.`,
  properties: { [name]: withWindow(schemaOf(word.args)), ...more },
  required: [name],
  additionalProperties: false,
});

/** Draft 2020-12 of what may be written (before transforms), without the `$schema` of an outermost one. */
const schemaOf = (schema: z.ZodType): JsonSchema => {
  const {
    $schema: _draft,
    '~standard': _standard,
    ...rest
  } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

/** Wherever a number may stand, `$window` may too. */
const withWindow = (schema: JsonSchema): JsonSchema => {
  const { properties, items, anyOf } = schema;
  const inner: JsonSchema = {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties) }),
    ...(isSchema(items) ? { items: withWindow(items) } : {}),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((one) => (isSchema(one) ? withWindow(one) : one)) }),
  };
  return schema.type === 'integer' || schema.type === 'number' ? { anyOf: [inner, { const: WINDOW }] } : inner;
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = <T>(properties: Readonly<Record<string, T>>): Record<string, T | JsonSchema> =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, isSchema(value) ? withWindow(value) : value]),
  );
