// SPDX-License-Identifier: GPL-2.0-only
import type { StepDefinition } from '@libmultipath/contract';
import type { Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import { errors } from '../errors.js';
import type { AnyAction } from './action.js';
import { actions } from './actions.js';
import { bindsOf, branches, needsOf, refersOf, startAll, type Branch } from './at-once.js';
import { finish } from './finish.js';
import type { BatteryWorld } from './world.js';

// oxlint-disable-next-line typescript/no-explicit-any -- as in the contract: a word's arguments are its own
type NeutralWord = StepDefinition<any, BatteryWorld, unknown>;

/** A kernel has no verb that makes a controller dead at will: the shapes are for the model. */
const onModelOnly = (word: string) => (): Promise<never> =>
  Promise.reject(errors.fail('LMP-421', { message: `the word ${word} exists on the model only`, where: word }));

const alone = ([word, action]: readonly [string, AnyAction]): readonly [string, NeutralWord] => [
  word,
  {
    doc: action.doc,
    example: action.example,
    args: action.args,
    ...(action.refers === undefined ? {} : { refers: action.refers }),
    ...(action.binds === undefined ? {} : { binds: action.binds }),
    // In a task of its own: whoever removes a path is not who has the disk open.
    *model(world: BatteryWorld, args: unknown): Steps<void> {
      world.look();
      startAll(world, [{ cpu: 0, acts: [{ word, args }] }]);
    },
    guest: onModelOnly(word),
  },
];

const atOnce: NeutralWord = {
  doc: 'Tasks that run at once: each entry is one, with one action or several, one after the other.',
  example: 'at-once: [remove-path: 0, submit: a]',
  args: branches,
  refers: (list: readonly Branch[]) => refersOf(list),
  binds: (list: readonly Branch[]) => bindsOf(list),
  *model(world: BatteryWorld, list: readonly Branch[]): Steps<void> {
    world.look();
    startAll(world, list);
  },
  guest: onModelOnly('at-once'),
};

const finishWord: NeutralWord = {
  doc: 'Ends a shape: closes, removes every path, closes what could not be closed before. `keep`: closes nothing.',
  example: 'finish',
  args: z.union([
    z
      .strictObject({})
      .nullish()
      .transform(() => 'close' as const),
    z.literal('keep'),
  ]),
  model: (world: BatteryWorld, how: 'close' | 'keep') => finish(world, how === 'keep'),
  guest: onModelOnly('finish'),
};

/** The words of the battery's shapes. */
export const neutralWords: Readonly<Record<string, NeutralWord>> = {
  ...Object.fromEntries(Object.entries(actions).map(alone)),
  'at-once': atOnce,
  finish: finishWord,
};

/** What of a driver's port an entry cannot do without. */
export const needsOfEntry = (word: string, args: unknown): readonly string[] => {
  // The parser has put each word's own arguments there.
  if (word === 'at-once') return needsOf(args as readonly Branch[]);
  return actions[word]?.needs?.(args) ?? [];
};
