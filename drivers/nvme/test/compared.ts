// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import type { Json, Outcome } from '@libmultipath/driver-kit';
import { scenarios } from './eight-scenarios.js';

/** Where in the recordings something is compared: scenario and kernels. */
export type Places = ReadonlyMap<string, readonly string[]>;

/** Of a file of recordings, what is looked at here. */
interface Recorded {
  readonly kernel: string;
  readonly scenarios: readonly { readonly name: string; readonly outcomes: readonly { readonly value: Outcome }[] }[];
}

const recordingsUrl = new URL('../scenarios/recordings/', import.meta.url);

const recordings = async (): Promise<readonly Recorded[]> => {
  const names = (await readdir(recordingsUrl)).filter((name) => name.endsWith('.json'));
  // Written by `mpath verify --record`, in this shape.
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(new URL(name, recordingsUrl), 'utf8')) as Recorded),
  );
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `head`, `path`, `controller`, `subsystem`, `module`; of an ioctl the device; else nothing. */
const placeIn = (of: unknown): string => (isRecord(of) ? String(of['kind']) : typeof of === 'string' ? of : '');

/** What a step with a result does: `write controller io_timeout`, `ioctl head flush`, `read`. */
const deedOf = (verb: string, args: Readonly<Record<string, unknown>>): string =>
  [
    verb === 'try-write' ? 'write' : verb,
    verb === 'read' ? '' : placeIn(args['of']),
    args['attribute'] ?? args['command'] ?? '',
  ]
    .map(String)
    .filter((word) => word !== '')
    .join(' ');

const ERRNO = /^E[A-Z]{2,}$/;

const errnosIn = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && ERRNO.test(one));

/**
 * What the recordings compare, over all scenarios and kernels: `attribute PLACE NAME` where a content is compared, and
 * `ERRNO DEED` where a call ends with it.
 */
export const compared = async (): Promise<Places> => {
  const places = new Map<string, string[]>();
  const note = (what: string, where: string): void => {
    const known = places.get(what) ?? [];
    places.set(what, known.includes(where) ? known : [...known, where]);
  };
  for (const { kernel, scenarios: recorded } of await recordings()) {
    for (const { name, outcomes } of recorded) {
      const steps = scenarios.get(name)?.steps ?? [];
      for (const { value } of outcomes) noteOutcome(steps, value, (what) => note(what, `${name} (${kernel})`));
    }
  }
  return places;
};

const noteOutcome = (
  steps: NonNullable<ReturnType<typeof scenarios.get>>['steps'],
  outcome: Outcome,
  note: (what: string) => void,
): void => {
  const deeds = new Map<string, string>();
  for (const step of steps) {
    const { args } = step;
    if (step.kind === 'do') {
      if (isRecord(args) && typeof args['as'] === 'string') deeds.set(args['as'], deedOf(step.verb, args));
      continue;
    }
    const value = outcome[step.label];
    if (step.observation === 'values' && isRecord(args) && isRecord(value)) {
      const place = placeIn(args['of']);
      for (const [attribute, content] of Object.entries(value)) {
        if (typeof content === 'string') note(`attribute ${place} ${attribute}`);
        else if (isRecord(content) && typeof content['errno'] === 'string')
          note(`${content['errno']} show ${place} ${attribute}`);
      }
    }
    if (step.observation === 'result-of')
      for (const errno of errnosIn(value)) note(`${errno} ${deeds.get(String(args)) ?? '?'}`);
    if (step.observation === 'load-result' && isRecord(value) && Array.isArray(value['errors']))
      for (const errno of value['errors']) note(`${String(errno)} load`);
  }
};
