// SPDX-License-Identifier: GPL-2.0-only
import { proposals } from '../completion/propose.js';

/** Of a command without options: what @stricli/core takes for it. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type
export type NoFlags = NonNullable<unknown>;

/** Takes the text as it is. */
export const text = (input: string): string => input;

const wholeFrom =
  (min: number, max: number) =>
  (input: string): number => {
    const value = Number(input);
    if (/^\d+$/.test(input) && value >= min && value <= max) return value;
    throw new SyntaxError(`expected a whole number from ${String(min)} to ${String(max)}, found ${input}`);
  };

/** A whole number from 1 to `max`. */
export const countUpTo = (max: number) => wholeFrom(1, max);

/** A whole number from 0 to `max`. */
export const wholeUpTo = (max: number) => wholeFrom(0, max);

export const scenarioNames = {
  kind: 'array',
  parameter: {
    brief: 'Names of scenarios; all unless given',
    parse: text,
    placeholder: 'scenario',
    proposeCompletions: proposals.scenarios,
  },
} as const;

export const driverFlag = {
  kind: 'parsed',
  parse: text,
  brief: 'Only this driver',
  placeholder: 'name',
  optional: true,
  proposeCompletions: proposals.drivers,
} as const;

export const jsonFlag = {
  kind: 'parsed',
  parse: text,
  brief: 'Write the document there; - is standard output',
  placeholder: 'file',
  optional: true,
} as const;
