// SPDX-License-Identifier: GPL-2.0-only
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { canonical, type Outcome, type Recording, type Scenario } from '@libmultipath/contract';
import { z } from 'zod';
import { errors } from './errors.js';
import { countOutcomes, type Seen } from './judge.js';

const SCHEMA = 'mpath.recording/1';
const MAX_OUTCOMES = 1_000;

const schema = z.strictObject({
  schema: z.literal(SCHEMA),
  kernel: z.string().min(1),
  release: z.string().min(1),
  scenarios: z.array(
    z.strictObject({
      name: z.string().min(1),
      outcomes: z
        .array(z.strictObject({ value: z.record(z.string(), z.json()), seen: z.int().min(1) }))
        .min(1)
        .max(MAX_OUTCOMES),
    }),
  ),
});

/** `recordings/<kernel>.json` beside a driver's scenarios. */
export const recordingUrl = (scenarios: URL, kernel: string): URL => {
  const folder = scenarios.href.endsWith('/') ? scenarios.href : `${scenarios.href}/`;
  return new URL(`recordings/${encodeURIComponent(kernel)}.json`, folder);
};

/**
 * @returns undefined when there is none
 * @throws LMP-501 it cannot be read; LMP-502 it is of a newer version; LMP-503 it is no recording
 */
export const readRecording = async (file: URL): Promise<Recording | undefined> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreachable(file, 'readable', cause);
  });
  return text === undefined ? undefined : parseRecording(text, fileURLToPath(file));
};

/** @throws LMP-502, LMP-503 */
export const parseRecording = (text: string, where: string): Recording => {
  const todo = 'record it again: mpath verify --record';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw errors.fail('LMP-503', { message: 'expected JSON', where, todo, cause });
  }
  const version = /^mpath\.recording\/(\d+)$/.exec(schemaNameOf(value))?.[1];
  if (version !== undefined && Number(version) > 1) {
    const message = `expected ${SCHEMA}, found the newer mpath.recording/${version}`;
    throw errors.fail('LMP-502', { message, where, todo: 'update this program, or record again' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const message = `expected ${SCHEMA}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    throw errors.fail('LMP-503', { message, where, todo });
  }
  return parsed.data;
};

/** Small and stable: sorted, one outcome a line. */
export const formatRecording = ({ kernel, release, scenarios }: Recording): string => {
  const rows = [...scenarios]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, outcomes }) => {
      const sorted = outcomes.map(
        ({ value, seen }) => `        { "seen": ${String(seen)}, "value": ${canonical(value)} }`,
      );
      return `    {\n      "name": ${JSON.stringify(name)},\n      "outcomes": [\n${sorted.sort(byValue).join(',\n')}\n      ]\n    }`;
    });
  const list = rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n  ]`;
  return `{\n  "schema": "${SCHEMA}",\n  "kernel": ${JSON.stringify(kernel)},\n  "release": ${JSON.stringify(release)},\n  "scenarios": ${list}\n}\n`;
};

const byValue = (a: string, b: string): number => {
  const [valueOfA, valueOfB] = [a, b].map((line) => line.slice(line.indexOf('"value"')));
  return (valueOfA ?? '') < (valueOfB ?? '') ? -1 : 1;
};

/** @throws LMP-501; an earlier recording stays whole */
export const writeRecording = async (file: URL, recording: Recording): Promise<void> => {
  const draft = new URL(`${file.href}.${randomUUID()}.tmp`);
  try {
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(draft, formatRecording(recording));
    await rename(draft, file);
  } catch (cause) {
    // The reason is the failure above, not that its rest cannot be removed.
    await rm(draft, { force: true }).catch(() => undefined);
    throw unreachable(file, 'writable', cause);
  }
};

/** The recording with what was seen now in place of what was seen of the same scenarios before. */
export const withRecorded = (
  earlier: Recording | undefined,
  kernel: string,
  release: string,
  seen: ReadonlyMap<string, readonly Outcome[]>,
): Recording => {
  // Another release is another kernel: what it showed is not kept under this one's name.
  const kept = earlier?.release === release ? earlier.scenarios.filter(({ name }) => !seen.has(name)) : [];
  const added = [...seen].map(([name, outcomes]) => ({ name, outcomes: countOutcomes(outcomes) }));
  const scenarios = [...kept, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { schema: SCHEMA, kernel, release, scenarios };
};

/**
 * What was recorded of a scenario.
 * @throws LMP-504 it has other observations than the scenario has now; LMP-508 nothing was recorded of it
 */
export const recordedOutcomes = (recording: Recording, scenario: Scenario): readonly Seen[] => {
  const found = recording.scenarios.find(({ name }) => name === scenario.name);
  if (found === undefined) {
    throw errors.fail('LMP-508', {
      message: `expected the scenario in the recording of ${recording.kernel}, found no outcome of it`,
      where: scenario.file,
      todo: recordAgain(recording, scenario),
    });
  }
  const labels = scenario.steps.flatMap((step) => (step.kind === 'observe' ? [step.label] : [])).sort();
  for (const { value } of found.outcomes) {
    const recorded = Object.keys(value).sort();
    if (recorded.join('\n') === labels.join('\n')) continue;
    throw errors.fail('LMP-504', {
      message: `expected the observations ${labels.join(', ')}, found ${recorded.join(', ')} in the recording of ${recording.kernel}`,
      where: scenario.file,
      todo: recordAgain(recording, scenario),
    });
  }
  return found.outcomes;
};

const recordAgain = ({ kernel }: Recording, { name }: Scenario): string =>
  `record it: mpath verify ${name} --kernel ${kernel} --record`;

const schemaNameOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'string'
    ? value.schema
    : '';

const unreachable = (file: URL, wanted: string, cause: unknown) => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return errors.fail('LMP-501', {
    message: `expected a ${wanted} recording: ${reason}`,
    where: fileURLToPath(file),
    cause,
  });
};
