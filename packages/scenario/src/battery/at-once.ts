// SPDX-License-Identifier: GPL-2.0-only
import type { Reference } from '@libmultipath/contract';
import { currentMachine, type Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import type { AnyAction, Verb } from './action.js';
import { actions } from './actions.js';
import type { BatteryWorld } from './world.js';

/** One action with its arguments. */
export interface Act {
  readonly word: string;
  readonly args: unknown;
}

/** What one task does, one after the other. */
export interface Branch {
  readonly cpu: number;
  readonly acts: readonly Act[];
}

const MAX_BRANCHES = 6;
const MAX_ACTS = 8;

const words = Object.keys(actions);

/** The schema has let no other word through. */
const actionOf = (word: string): AnyAction => {
  const action = actions[word];
  if (action === undefined) throw new Error(`no action is called ${word}`);
  return action;
};

const anAct = `expected one of ${words.join(', ')}, with its argument`;

/** `submit: a`, or a bare word. */
const act = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((value, context): Act => {
  const [[word, raw] = ['', undefined], ...more] =
    typeof value === 'string' ? [[value, undefined]] : Object.entries(value);
  const action = more.length === 0 && Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action === undefined) {
    context.addIssue({ code: 'custom', message: anAct });
    return z.NEVER;
  }
  const parsed = action.args.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    context.addIssue({ code: 'custom', message: `${word}: ${issue?.message ?? 'wrong'}, as in \`${action.example}\`` });
    return z.NEVER;
  }
  return { word, args: parsed.data };
});

const several = z.array(act).min(1).max(MAX_ACTS);

/** One action; several, one after the other; or `{ cpu: 1, do: [...] }`. */
const branch = z
  .union([
    z.strictObject({ cpu: z.int().min(0).max(63), do: z.union([several, act.transform((one) => [one])]) }),
    several.transform((acts) => ({ cpu: 0, do: acts })),
    act.transform((one) => ({ cpu: 0, do: [one] })),
  ])
  .transform(({ cpu, do: acts }): Branch => ({ cpu, acts }));

/** `at-once: [BRANCH, BRANCH, ...]`. */
export const branches = z.array(branch).min(2).max(MAX_BRANCHES);

const eachAct = (list: readonly Branch[]): readonly Act[] => list.flatMap(({ acts }) => acts);

export const needsOf = (list: readonly Branch[]): readonly Verb[] =>
  eachAct(list).flatMap(({ word, args }) => actionOf(word).needs?.(args) ?? []);

export const bindsOf = (list: readonly Branch[]): readonly Reference[] =>
  eachAct(list).flatMap(({ word, args }) => actionOf(word).binds?.(args) ?? []);

/** What a branch opens itself is not looked for before. */
export const refersOf = (list: readonly Branch[]): readonly Reference[] => {
  const own = new Set(bindsOf(list).map(({ name }) => name));
  return eachAct(list)
    .flatMap(({ word, args }) => actionOf(word).refers?.(args) ?? [])
    .filter(({ name }) => !own.has(name));
};

function* carryOut(world: BatteryWorld, { acts }: Branch): Steps<void> {
  for (const { word, args } of acts) yield* actionOf(word).run(world, args);
}

/** `remove-path 0`, `submit a`: what a column of a finding is headed with. */
const nameOf = ({ acts }: Branch): string =>
  acts
    .filter(({ word }, index) => index === 0 || word !== 'close')
    .map(({ word, args }) => `${word}${subjectOf(args)}`)
    .join(', ');

const subjectOf = (args: unknown): string => {
  if (typeof args === 'string' || typeof args === 'number') return ` ${String(args)}`;
  if (typeof args === 'object' && args !== null && 'through' in args) return ` ${String(args.through)}`;
  return '';
};

/** Starts a task for each branch, all before any of them takes a step. */
export const startAll = (world: BatteryWorld, list: readonly Branch[]): void => {
  const machine = currentMachine();
  for (const one of list) {
    const name = nameOf(one);
    const taken = machine.task(name) !== undefined;
    machine.spawn(taken ? `${name} #${String(++world.run.tasks)}` : name, () => carryOut(world, one), { cpu: one.cpu });
  }
};
