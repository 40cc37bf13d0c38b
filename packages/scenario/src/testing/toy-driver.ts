// SPDX-License-Identifier: GPL-2.0-only
import { DRIVER_API, type Driver, type GuestPort } from '@libmultipath/contract';
import type { Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import { toyProfile, type ToyTopology, type ToyWorld } from './toy-model.js';

/** The world of the guest is the bare port: the toy has nothing to find. */
type ToyGuestWorld = GuestPort;

const label = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a label is lower case');
const noArgs = z.strictObject({}).nullish();
const write = async (port: GuestPort, verb: string, data: string): Promise<void> => {
  await port.call('file.write', { path: `/do/${verb}`, data });
};
const read = async (port: GuestPort, path: string): Promise<string> => (await port.call('file.read', { path })).data;
/** What only starts tasks takes no step of its own. */
function* atOnce(body: () => void): Steps<void> {
  body();
}
const buttonsOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
const asButtons = (value: string | readonly string[]) => buttonsOf(value).map((name) => ({ kind: 'button', name }));

/** A driver that is no storage driver: the smallest that has a race, a timer, a crash and a hang. */
export const toyDriver: Driver<ToyTopology, ToyWorld, ToyGuestWorld> = {
  api: DRIVER_API,
  name: 'toy',
  title: 'A panel with buttons',
  topology: z.strictObject({ buttons: z.array(label).min(1).max(4) }),
  declares: ({ buttons }) => buttons.map((name) => ({ kind: 'button', name })),
  features: { memory: 'remembers the last button, since 2.0' },
  steps: {
    press: {
      doc: 'Presses buttons, several at once.',
      example: 'press: a',
      args: z.union([label, z.array(label).min(1)]),
      refers: asButtons,
      model: (world, args: string | string[]) => atOnce(() => world.press(buttonsOf(args))),
      guest: (port, args: string | string[]) => write(port, 'press', buttonsOf(args).join(' ')),
    },
    'start-press': {
      doc: 'Presses a button in the background.',
      example: 'start-press: { as: p, button: a }',
      args: z.strictObject({ as: label, button: label }),
      refers: ({ button }: { button: string }) => asButtons(button),
      binds: ({ as }: { as: string }) => [{ kind: 'press', name: as }],
      background: true,
      model: (world, { as, button }: { as: string; button: string }) => atOnce(() => world.press([button], as)),
      guest: (port, { button }: { button: string }) => write(port, 'press', button),
    },
    'await-press': {
      doc: 'Waits for a press that was started.',
      example: 'await-press: p',
      args: label,
      refers: (name: string) => [{ kind: 'press', name }],
      model: (world, name: string) => world.awaitPress(name),
      guest: (port) => write(port, 'await-press', ''),
    },
    arm: {
      doc: 'Arms the timer, in seconds.',
      example: 'arm: 4',
      args: z.int().min(1).max(3_600),
      model: (world, seconds: number) => atOnce(() => world.arm(seconds)),
      guest: (port, seconds: number) => write(port, 'arm', String(seconds)),
    },
    return: {
      doc: 'Comes back.',
      example: 'return',
      args: noArgs,
      model: (world) => world.comeBack(),
      guest: (port) => write(port, 'return', ''),
    },
    'await-expiry': {
      doc: 'Waits until the timer has expired.',
      example: 'await-expiry',
      args: noArgs,
      model: (world) => world.awaitExpiry(),
      guest: (port) => write(port, 'await-expiry', ''),
    },
    crash: {
      doc: 'Follows a NULL pointer.',
      example: 'crash',
      args: noArgs,
      model: (world) => world.crash(),
      guest: (port) => write(port, 'crash', ''),
    },
    hang: {
      doc: 'Waits for nothing.',
      example: 'hang',
      args: noArgs,
      model: (world) => world.hang(),
      guest: (port) => write(port, 'hang', ''),
    },
  },
  observations: {
    total: {
      doc: 'Presses counted.',
      example: 'observe: total',
      args: noArgs,
      model: (world) => world.look('total'),
      guest: async (port) => Number(await read(port, '/total')),
    },
    last: {
      doc: 'The last button, if the panel remembers it.',
      example: 'observe: last',
      args: noArgs,
      model: (world) => world.look('last'),
      guest: async (port) => (await read(port, '/last')) || null,
    },
    seconds: {
      doc: 'What the timer was armed for.',
      example: 'observe: seconds',
      args: noArgs,
      model: (world) => world.look('seconds'),
      guest: async (port) => Number(await read(port, '/seconds')),
    },
    order: {
      doc: 'Return and expiry in the order they came.',
      example: 'observe: order',
      args: noArgs,
      model: (world) => world.look('log'),
      guest: async (port) => (await read(port, '/log')).split(' ').filter((word) => word !== ''),
    },
    'presses-of': {
      doc: 'Presses of one button.',
      example: 'observe: { presses-of: a }',
      args: label,
      refers: asButtons,
      model: (world, button: string) => world.pressesOf(button),
      guest: async (port, button: string) => Number(await read(port, `/presses/${button}`)),
    },
  },
  models: [toyProfile('1.0', false), toyProfile('2.0', true)],
  profileFor: (release) => (release.startsWith('1.') ? '1.0' : release.startsWith('2.') ? '2.0' : undefined),
  guest: {
    lower: ({ buttons }) => ({
      nodes: [{ cpus: buttons.length, memoryMiB: 128 }],
      ports: [],
      blocks: [],
      devices: [],
      modules: ['toy'],
      kernelArgs: [],
    }),
    open: (port) => Promise.resolve(port),
    reset: (port) => write(port, 'reset', ''),
  },
  explanations: [
    { between: ['1.0', '2.0'], scenario: '*', observation: 'last', why: '1.0 has no memory (toy-model.ts)' },
  ],
  scenarios: new URL('./scenarios/', import.meta.url),
};
