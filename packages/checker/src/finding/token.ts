// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { canonicalJson } from '../canonical-json.js';
import type { Choice } from '../choice.js';
import { errors } from '../errors.js';

/** Which program a schedule belongs to: what a resolver needs to build it again. */
export interface ProgramRef {
  readonly program: string;
  readonly revision: string;
  /** JSON: sizes, driver, remedies … whatever the program was made from. */
  readonly args: unknown;
}

/** A schedule as labelled choices, only where there was more than one way to go on. */
export interface ReplayToken extends ProgramRef {
  /** Id of the finding that the schedule shows. */
  readonly finding: string;
  readonly choices: readonly Choice[];
  /** Steps of the schedule, the forced ones included. */
  readonly steps: number;
  /** Digest of all steps with their labels: tells whether the code is the one that was recorded. */
  readonly digest: string;
}

/*
 * mpath1.<base64url of the deflated text>.<checksum>. Letters, digits, `-`, `_` and two
 * points: it survives a shell, a mail and a double click.
 */
const VERSION = 'mpath1';
const CHECKSUM_DIGITS = 8;
/** Bound on the inflated text: a token is typed by strangers. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

const checksum = (body: string): string =>
  createHash('sha256').update(`${VERSION}.${body}`).digest('hex').slice(0, CHECKSUM_DIGITS);

/** One line of text that holds the schedule. */
export const encodeToken = (token: ReplayToken): string => {
  const words = [...new Set(token.choices.flatMap(({ task, site }) => [task, site]))];
  const at = new Map(words.map((word, index) => [word, index]));
  const numbers = token.choices.map(({ task, site, branch }) => [
    at.get(task) ?? 0,
    at.get(site) ?? 0,
    ...(branch === undefined ? [] : [branch]),
  ]);
  const { program, revision, args, finding, steps, digest } = token;
  const text = canonicalJson({
    p: program,
    r: revision,
    a: args,
    f: finding,
    n: steps,
    d: digest,
    w: words,
    c: numbers,
  });
  const body = deflateRawSync(Buffer.from(text, 'utf8'), { level: 9 }).toString('base64url');
  return `${VERSION}.${body}.${checksum(body)}`;
};

const damaged = (message: string): Error =>
  errors.fail('LMP-320', { message, where: 'replay token', todo: 'copy the whole line again' });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const choiceFrom = (entry: unknown, words: readonly unknown[]): Choice => {
  const numbers: readonly unknown[] = Array.isArray(entry) ? entry : [];
  const [task, site, branch] = numbers;
  const [name, label] = [isWhole(task) ? words[task] : undefined, isWhole(site) ? words[site] : undefined];
  if (typeof name !== 'string' || typeof label !== 'string') throw damaged('expected choices of a task and a site');
  return isWhole(branch) ? { task: name, site: label, branch } : { task: name, site: label };
};

const inflated = (body: string): unknown => {
  try {
    const bytes = inflateRawSync(Buffer.from(body, 'base64url'), { maxOutputLength: MAX_TEXT_BYTES });
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw errors.fail('LMP-320', { message: 'the text does not unpack', where: 'replay token', cause });
  }
};

/**
 * Reads a token again. White space that a mail program put in is taken out.
 * @throws LMP-320 it is damaged
 * @throws LMP-321 it is of another version
 */
export const decodeToken = (text: string): ReplayToken => {
  const [version, body, sum, ...rest] = text.replaceAll(/\s+/g, '').split('.');
  if (version !== VERSION && /^mpath\d+$/.test(version ?? '')) {
    throw errors.fail('LMP-321', {
      message: `expected a token of version ${VERSION}, found ${version ?? ''}`,
      where: 'replay token',
      todo: 'run the check again for a token of this release',
    });
  }
  if (version !== VERSION || body === undefined || sum === undefined || rest.length > 0) {
    throw damaged(`expected ${VERSION}.TEXT.CHECKSUM, found ${String(text.length)} characters of another shape`);
  }
  if (checksum(body) !== sum) throw damaged(`expected the checksum ${checksum(body)}, found ${sum.slice(0, 16)}`);
  const read = inflated(body);
  if (!isRecord(read)) throw damaged('expected an object');
  const { p, r, a, f, n, d, w, c } = read;
  if (typeof p !== 'string' || typeof r !== 'string' || typeof f !== 'string' || typeof d !== 'string') {
    throw damaged('expected a program, a revision, a finding and a digest');
  }
  if (!isWhole(n) || !Array.isArray(w) || !Array.isArray(c)) throw damaged('expected steps, words and choices');
  const words: readonly unknown[] = w;
  return {
    program: p,
    revision: r,
    args: a,
    finding: f,
    steps: n,
    digest: d,
    choices: c.map((entry: unknown) => choiceFrom(entry, words)),
  };
};
