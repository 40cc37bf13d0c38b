// SPDX-License-Identifier: GPL-2.0-only
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyDriver } from '@libmultipath/contract';
import { nvmeDriver } from '@libmultipath/driver-nvme';
import { scsiDriver } from '@libmultipath/driver-scsi';
import { virtioDriver } from '@libmultipath/driver-virtio-blk';
import { scenarioSchema } from '@libmultipath/scenario';
import { code, fence, generated, table } from './markdown.js';
import { propertiesOf, shapeOf, type Schema } from './schema-shape.js';

/** The drivers of this repository. */
export const driversHere = [nvmeDriver, scsiDriver, virtioDriver] as unknown as readonly AnyDriver[]; // each is one to whoever does not know its types

const schemaOf = (driver: AnyDriver): Schema => scenarioSchema(driver) as Schema; // zod's own type of a JSON Schema

const keyRows = (schema: Schema, of = ''): string[][] => {
  const rows = propertiesOf(schema).flatMap(({ name, schema: one, required, inner }) => [
    [code(of + name) + (required ? '' : ' ?'), shapeOf(one), one.description ?? ''],
    ...inner.flatMap((deeper) => keyRows(deeper, `${of}${name}.`)),
  ]);
  return rows.filter(([key], index) => rows.findIndex(([other]) => other === key) === index);
};

/** The schema of each word's arguments, out of the driver's whole schema: what an editor says and this page are one. */
const argsOf = (schema: Schema): ReadonlyMap<string, Schema> => {
  const args = new Map<string, Schema>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      const { properties, required } = value as Schema; // any object may be read as one: what is lacking is undefined
      const [word] = required ?? [];
      const own = word === undefined ? undefined : properties?.[word];
      if (word !== undefined && own !== undefined && !args.has(word)) args.set(word, own);
    }
    for (const below of Object.values(value)) visit(below);
  };
  visit(schema.properties?.['steps']);
  return args;
};

type Words = Readonly<Record<string, { readonly doc: string; readonly example: string }>>;

const wordParts = (words: Words, args: ReadonlyMap<string, Schema>): string[] =>
  Object.entries(words).map(([name, { doc, example }]) => {
    const schema = args.get(name);
    const rows = schema === undefined ? [] : [schema, ...(schema.anyOf ?? [])].flatMap((one) => keyRows(one));
    const takes = schema === undefined ? 'Takes nothing.\n' : `Takes ${shapeOf(schema)}.\n`;
    const keys = rows.length > 0 ? table(['key', 'value', 'what it is'], rows) : takes;
    return [`#### ${name}\n`, `${doc}\n`, fence('yaml', `- ${example}`), keys].join('\n');
  });

const driverPart = (root: string, driver: AnyDriver): string => {
  const schema = schemaOf(driver);
  const args = argsOf(schema);
  const folder = relative(root, fileURLToPath(driver.scenarios)).replaceAll('\\', '/');
  const topology = schema.properties?.['topology'];
  const features = Object.entries(driver.features);
  return [
    `## ${driver.name}\n`,
    `${driver.title}. Scenarios stand in \`${folder}\`; an editor that knows JSON Schema completes them by`,
    `[scenario.schema.json](../../${folder}/scenario.schema.json).\n`,
    `### Topology of ${driver.name}\n`,
    table(['key', 'value', 'what it is'], topology === undefined ? [] : keyRows(topology)),
    `### Features of ${driver.name}\n`,
    features.length === 0
      ? 'None: every model has all that its words ask for.\n'
      : table(
          ['feature', 'since'],
          features.map(([name, since]) => [code(name), since]),
        ),
    `### Models of ${driver.name}\n`,
    table(
      ['model', 'what it is'],
      driver.models.map(({ name, title }) => [code(name), title]),
    ),
    `### Steps of ${driver.name}\n`,
    ...wordParts(driver.steps, args),
    `### Observations of ${driver.name}\n`,
    ...wordParts(driver.observations, args),
  ].join('\n');
};

const intro = `A scenario is a YAML file \`NAME.scenario.yaml\`. [Write a scenario](../write-a-scenario.md) says what makes a good one; this page has
every word. A key with ? may be left out. Wherever a number may stand, \`$window\` may too, for the seconds of \`window\`.

## The frame

`;

/** What the frame leaves to the driver, whose schema says it in full below. */
const ofDriver: Readonly<Record<string, string>> = {
  schema: 'Version of the language.',
  driver: 'A driver of mpath.config.ts.',
  topology: 'The machine, in the driver’s own terms.',
  needs: 'Features without which the scenario means nothing.',
  steps: 'What is done and looked at, in order: a step is one word; `observe` takes one observation or a list.',
};

const frame = (schema: Schema): string[][] =>
  propertiesOf(schema).map(({ name, schema: one, required }) => [
    code(name) + (required ? '' : ' ?'),
    name === 'demand' ? 'a value by its label' : name !== 'schema' && name in ofDriver ? 'see below' : shapeOf(one),
    ofDriver[name] ?? one.description ?? '',
  ]);

/** docs/reference/scenarios.md. */
export const scenarioReference = (root: string): string =>
  [
    generated('Scenario language', 'the schema of each driver') +
      intro +
      table(['key', 'value', 'what it is'], driversHere.slice(0, 1).map(schemaOf).flatMap(frame)),
    ...driversHere.map((driver) => driverPart(root, driver)),
  ].join('\n');
