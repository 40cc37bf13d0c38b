// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, DiffDocument, VerifyDocument } from '@libmultipath/contract';
import { z } from 'zod';
import { checkSchema } from './finding/check-schema.js';

const count = z.int().min(0);
const line = z.int().min(1);
const outcome = z.record(z.string(), z.json());

const verdictSchema = z.enum(['agree', 'diverge', 'too-loose', 'kernel-fault', 'unsupported', 'error', 'not-run']);

const scenarioVerdict = z.strictObject({
  name: z.string(),
  driver: z.string(),
  model: z.string(),
  verdict: verdictSchema,
  observations: count,
  discriminating: count.optional(),
  runs: count,
  outcomes: z.array(z.strictObject({ value: outcome, allowed: z.boolean(), seen: count })),
  differences: z.array(
    z.strictObject({
      step: z.string(),
      observation: z.string(),
      model: z.array(z.json()),
      kernel: z.json(),
      file: z.string(),
      line,
    }),
  ),
  expected: z.strictObject({ reason: z.string(), until: z.iso.date() }).optional(),
  reason: z.string().optional(),
  agreement: z.string().optional(),
  bound: z.string().optional(),
});

/** `mpath verify --json`. */
export const verifySchema = z.strictObject({
  schema: z.literal('mpath.verify/1'),
  kernels: z.array(
    z.strictObject({
      name: z.string(),
      release: z.string(),
      accelerator: z.string(),
      qemu: z.string(),
      bootSeconds: z.number().min(0),
      scenarios: z.array(scenarioVerdict),
      incidents: z
        .array(
          z.strictObject({
            kind: z.enum(['fault', 'silent', 'dirty']),
            scenario: z.string().optional(),
            detail: z.string(),
            again: z.boolean(),
          }),
        )
        .optional(),
    }),
  ),
  expectations: z
    .array(
      z.strictObject({
        kernel: z.string(),
        scenario: z.string(),
        verdict: verdictSchema,
        reason: z.string(),
        until: z.iso.date(),
        state: z.enum(['met', 'gone', 'expired']),
      }),
    )
    .optional(),
  summary: z.strictObject({
    agree: count,
    diverge: count,
    tooLoose: count,
    fault: count,
    unsupported: count,
    error: count,
    notRun: count,
    expected: count,
    observations: count,
    discriminating: count.optional(),
    incidents: count.optional(),
  }),
});

/** `mpath diff --json`. */
export const diffSchema = z.strictObject({
  schema: z.literal('mpath.diff/1'),
  a: z.string(),
  b: z.string(),
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      driver: z.string(),
      verdict: z.enum(['same', 'differs', 'unsupported', 'error']),
      outcomesA: count,
      outcomesB: count,
      differences: z.array(
        z.strictObject({
          observation: z.string(),
          a: z.array(z.json()),
          b: z.array(z.json()),
          file: z.string(),
          line,
          why: z.string().optional(),
        }),
      ),
      reason: z.string().optional(),
    }),
  ),
  summary: z.strictObject({ same: count, differs: count, unsupported: count, error: count, unexplained: count }),
});

/** JSON Schema of the documents, for whoever reads them. */
export const documentJsonSchemas = () => ({
  'mpath.verify/1': z.toJSONSchema(verifySchema),
  'mpath.diff/1': z.toJSONSchema(diffSchema),
  'mpath.check/1': z.toJSONSchema(checkSchema),
});

const schemas = { 'mpath.verify/1': verifySchema, 'mpath.diff/1': diffSchema, 'mpath.check/1': checkSchema } as const;

/**
 * The document as text: keys in the order of the schema, two spaces, one final newline.
 * @throws Error when the document is not of its own schema: a fault of ours
 */
export const formatDocument = (document: VerifyDocument | DiffDocument | CheckDocument): string => {
  const schema = schemas[document.schema];
  const checked = schema.safeParse(document);
  if (!checked.success)
    throw new Error(`a ${document.schema} document is not of its schema: ${z.prettifyError(checked.error)}`);
  return `${JSON.stringify(checked.data, null, 2)}\n`;
};
