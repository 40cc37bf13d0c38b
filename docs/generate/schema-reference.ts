// SPDX-License-Identifier: GPL-2.0-only
import { documentJsonSchemas } from '@libmultipath/report';
import { code, generated, table } from './markdown.js';
import { propertiesOf, shapeOf, type Schema } from './schema-shape.js';

const about: Readonly<Record<string, string>> = {
  'mpath.verify/1': 'What `mpath verify --json FILE` writes.',
  'mpath.diff/1': 'What `mpath diff --json FILE` writes.',
  'mpath.check/1': 'What `mpath check --json FILE` writes.',
};

const rowsOf = (schema: Schema, of = ''): string[][] => {
  const rows = propertiesOf(schema).flatMap(({ name, schema: one, required, inner }) => {
    const list = one.type === 'array';
    const shape = inner.length === 0 ? shapeOf(one) : list ? 'list' : 'keys';
    const below = inner.flatMap((deeper) => rowsOf(deeper, `${of}${name}${list ? '[]' : ''}.`));
    return [[code(of + name) + (required ? '' : ' ?'), shape], ...below];
  });
  return rows.filter(([key], index) => rows.findIndex(([other]) => other === key) === index);
};

/** A document of one revision, or of two, has two forms. */
const part = ([name, schema]: readonly [string, Schema]): string => {
  const forms = schema.anyOf ?? schema.oneOf ?? [schema];
  return [
    `## ${name}\n`,
    `${about[name] ?? ''}\n`,
    ...forms.map((form, index) => {
      const which = forms.length > 1 ? `Form ${String(index + 1)} of ${String(forms.length)}.\n\n` : '';
      return which + table(['key', 'value'], rowsOf(form));
    }),
  ].join('\n');
};

const intro = `Every document says in \`schema\` what it is, with a version. A key may be added without a new version; what a key
means does not change, and none goes, without one. Same input, same bytes, except under \`stats\`, and what a kernel and a clock
decide. \`documentJsonSchemas()\` of \`@libmultipath/report\` gives the JSON Schemas (draft 2020-12) that these tables are made of; the
command checks what it writes against them. A key with ? may be lacking.

A scenario file is \`mpath.scenario/1\`; its schema is the driver's, beside its scenarios ([words](scenarios.md)).
`;

/** docs/reference/schemas.md. */
export const schemaReference = (): string =>
  [
    generated('JSON documents', 'the schemas of packages/report') + intro,
    // zod's own type of a JSON Schema.
    ...(Object.entries(documentJsonSchemas()) as [string, Schema][]).map(part),
  ].join('\n');
