// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryAccess } from '@libmultipath/contract';
import type { Steps } from '@libmultipath/kernel';
import { z } from 'zod';
import { noArgs, pathIndex, type BatteryAction, type Verb } from './action.js';
import type { BatteryWorld } from './world.js';

/** {@link BatteryAction.needs} has made sure that the port has it. */
const lost = (name: Verb): never => {
  throw new Error(`the driver's port lost ${name}`);
};

const onPath = (
  doc: string,
  example: string,
  needs: Verb,
  run: (world: BatteryWorld, path: number) => Steps<unknown>,
): BatteryAction<number> => ({
  doc,
  example,
  args: pathIndex,
  needs: () => [needs],
  *run(world, path) {
    yield* run(world, path);
  },
});

export const addPath = onPath('The path is found, joins the head and goes live.', 'add-path: 1', 'addPath', (w, path) =>
  w.port.addPath(w.driver, path),
);

export const removePath = onPath(
  'The path goes, and perhaps the head with it.',
  'remove-path: 0',
  'removePath',
  (w, path) => w.port.removePath(w.driver, path),
);

export const failProbe = onPath(
  'The path is found and joins the head; then its probe fails.',
  'fail-probe: 1',
  'failProbe',
  ({ port, driver }, path) => port.failProbe?.(driver, path) ?? lost('failProbe'),
);

export const makeUnusable = onPath(
  'The path takes no I/O any more.',
  'make-unusable: 0',
  'setUsable',
  ({ port, driver }, path) => port.setUsable?.(driver, path, false) ?? lost('setUsable'),
);

export const makeUsable = onPath(
  'The path takes I/O again, and what is parked is kicked.',
  'make-usable: 0',
  'setUsable',
  ({ port, driver }, path) => port.setUsable?.(driver, path, true) ?? lost('setUsable'),
);

export const failPath = onPath(
  'The next command of the path ends with an error of the path.',
  'fail-path: 0',
  'failNext',
  ({ port, driver }, path) => port.failNext?.(driver, path, 'path-error') ?? lost('failNext'),
);

export const failTarget = onPath(
  'The next command of the path ends with an error of the target.',
  'fail-target: 0',
  'failNext',
  ({ port, driver }, path) => port.failNext?.(driver, path, 'target-error') ?? lost('failNext'),
);

export const setAccess: BatteryAction<{ readonly path: number; readonly access: BatteryAccess }> = {
  doc: 'The storage says how a path reaches it: optimized, non-optimized, or optimized and preferred.',
  example: 'set-access: { path: 0, access: preferred }',
  args: z.strictObject({ path: pathIndex, access: z.enum(['optimized', 'non-optimized', 'preferred']) }),
  needs: () => ['setAccess'],
  *run({ port, driver }, { path, access }) {
    yield* port.setAccess?.(driver, path, access) ?? lost('setAccess');
  },
};

const policy = z.enum(['numa', 'round-robin', 'queue-depth']);

export const setPolicy: BatteryAction<z.infer<typeof policy>> = {
  doc: 'Writes the I/O policy.',
  example: 'set-policy: round-robin',
  args: policy,
  needs: () => ['setPolicy'],
  *run({ port, driver }, name) {
    yield* port.setPolicy?.(driver, name) ?? lost('setPolicy');
  },
};

export const setDelay: BatteryAction<number> = {
  doc: 'Writes the seconds that the head outlives its last path.',
  example: 'set-delay: 5',
  args: z.int().min(0).max(3_600),
  needs: () => ['setDelayedRemoval'],
  *run({ port, driver }, seconds) {
    yield* port.setDelayedRemoval?.(driver, seconds) ?? lost('setDelayedRemoval');
  },
};

export const setCapacity: BatteryAction<number> = {
  doc: 'The namespace changes its size in sectors, and the driver tells the head.',
  example: 'set-capacity: 1024',
  args: z.int().min(8),
  needs: () => ['setCapacity'],
  *run({ port, driver }, sectors) {
    yield* port.setCapacity?.(driver, sectors) ?? lost('setCapacity');
  },
};

export const unload: BatteryAction<unknown> = {
  doc: 'delete_module(2) of the driver’s module, tried once.',
  example: 'unload',
  args: noArgs,
  needs: () => ['unloadModule'],
  *run({ port, driver }) {
    yield* port.unloadModule?.(driver) ?? lost('unloadModule');
  },
};
