// SPDX-License-Identifier: GPL-2.0-only
import type { ObservationDefinition, StepDefinition } from '@libmultipath/contract';
import type { Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import { errors } from '../errors.js';
import { awaitRemoval, headSeen, setDelayedRemoval, setPolicy, slotNamed } from './head-words.js';
import { add_path, remove_path, set_path_usable } from './path.js';
import { awaitRead, pathsOf, read, resultOf, startRead } from './reads.js';
import type { library_host } from './structures.js';
import { label } from '../words/args.js';
import { pathRef } from './topology.js';

/** A library driver runs on the model alone. @throws LMP-608 */
export const noGuest = (): never => {
  throw errors.fail('LMP-608', {
    message: 'the driver has no side in the guest',
    todo: 'use `mpath check`; for `mpath verify` give `guest` of its own to defineDriver()',
  });
};

type Step<A> = StepDefinition<A, library_host, never>;
type Observation<A> = ObservationDefinition<A, library_host, never>;

const guest = (): Promise<never> => Promise.resolve().then(noGuest);
const noArgs = z.strictObject({}).nullish();
const MAX_SECONDS = 3_600;

const onPath = (doc: string, verb: string, model: (host: library_host, name: string) => Steps<void>): Step<string> => ({
  doc,
  example: `${verb}: a`,
  args: label,
  refers: (name) => [pathRef(name)],
  model,
  guest,
});

const onRead = (doc: string, verb: string, model: (host: library_host, name: string) => Steps<void>): Step<string> => ({
  doc,
  example: `${verb}: r1`,
  args: label,
  ...(verb === 'await-read'
    ? { refers: (name: string) => [{ kind: 'read', name }] }
    : { binds: (name: string) => [{ kind: 'read', name }] }),
  model,
  guest,
});

const ofRead = (doc: string, name: string, model: Observation<string>['model']): Observation<string> => ({
  doc,
  example: `observe: { ${name}: r1 }`,
  args: label,
  refers: (of) => [{ kind: 'read', name: of }],
  model,
  guest,
});

const policy: Step<string> = {
  doc: 'Writes the I/O policy; every choice of a path is made again.',
  example: 'set-policy: round-robin',
  args: z.enum(['numa', 'round-robin', 'queue-depth']),
  model: setPolicy,
  guest,
};

const delay: Step<number> = {
  doc: 'Writes the head’s `delayed_removal_secs`.',
  example: 'set-delayed-removal: $window',
  args: z.int().min(0).max(MAX_SECONDS),
  model: setDelayedRemoval,
  guest,
};

const removal: Step<unknown> = {
  doc: 'Waits until the head’s disk is gone.',
  example: 'await-removal',
  args: noArgs,
  model: awaitRemoval,
  guest,
};

export const librarySteps = {
  'add-path': onPath('The path is found and probed.', 'add-path', (host, name) => add_path(slotNamed(host, name))),
  'remove-path': onPath('The path goes.', 'remove-path', (host, name) => remove_path(slotNamed(host, name))),
  'block-path': onPath('The path ceases to take I/O.', 'block-path', (host, name) =>
    set_path_usable(slotNamed(host, name), false),
  ),
  'unblock-path': onPath('The path takes I/O again.', 'unblock-path', (host, name) =>
    set_path_usable(slotNamed(host, name), true),
  ),
  read: onRead('Reads one sector of the head’s disk.', 'read', read),
  'start-read': {
    ...onRead('Starts a read in a task of its own, and goes on.', 'start-read', startRead),
    background: true,
  },
  'await-read': onRead('Waits until a read that was started has ended.', 'await-read', awaitRead),
  'set-policy': policy,
  'set-delayed-removal': delay,
  'await-removal': removal,
};

const head: Observation<unknown> = {
  doc: 'Whether there is a disk, its size, and the paths on its list.',
  example: 'observe: head',
  args: noArgs,
  model: headSeen,
  guest,
};

export const libraryObservations = {
  head,
  'result-of': ofRead('`ok`, an errno name, or `pending`.', 'result-of', resultOf),
  'paths-of': ofRead('Paths that the bios of a read were sent to, in their order.', 'paths-of', pathsOf),
};
