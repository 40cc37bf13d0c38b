// SPDX-License-Identifier: GPL-2.0-only
import {
  Machine,
  settle,
  virtualTime,
  withCurrent,
  type Chooser,
  type Json,
  type MachineEvent,
  type MachineOptions,
  type ModelProfile,
  type Program,
  type Report,
  type Steps,
} from '@libmultipath/driver-kit';
import { modelAttach, modelDetach } from '../../model/controllers.js';
import { modelPathsOf, modelRead, modelResultOf } from '../../model/reads.js';
import type { NvmeModelWorld } from '../../model/world.js';
import { nvmeTopology, type NvmeTopology } from '../../topology.js';
import { libraryModels } from '../../library-models.js';

/** A model of the driver. */
export type Profile = ModelProfile<NvmeTopology, NvmeModelWorld>;

/** One namespace that two controllers reach. */
export const twoControllers: NvmeTopology = nvmeTopology.parse({
  controllers: ['c0', 'c1'],
  namespaces: [{ nsid: 1, sizeMiB: 64 }],
});

/** The model of one revision of the library. */
export const revision = (name: string): Profile => {
  const found = libraryModels.find((model) => model.name === name);
  if (found === undefined) throw new Error(`there is no model of ${name}`);
  return found;
};

/** Any task at each step, as a seed decides (32 bits: a linear congruence); timers when nothing else can run. */
export const seeded = (seed: number): Chooser => {
  let state = seed;
  return {
    pick: (enabled) => {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      const from = awake.length > 0 ? awake : enabled;
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return from[Math.floor((state / 2 ** 32) * from.length)];
    },
  };
};

/** What became of a run. */
export interface Ended<T> {
  /** Undefined: the user did not come to an end. */
  readonly value: T | undefined;
  readonly reports: readonly Report[];
  readonly machine: Machine;
  readonly world: NvmeModelWorld;
}

/**
 * The runs in which a task is held up once, after each number of its steps, until nobody else can go on.
 * @param name of the task
 */
export const heldUp = <T>(
  profile: Profile,
  body: (world: NvmeModelWorld) => Steps<T>,
  name: string,
  topology: NvmeTopology = twoControllers,
): Ended<T>[] => {
  const runs: Ended<T>[] = [];
  for (let after = 0, taken = after; taken >= after; after++) {
    taken = 0;
    const onEvent = ({ task }: MachineEvent): void => {
      if (task.name === name) taken++;
    };
    const chooser: Chooser = {
      pick: (enabled) => {
        const awake = enabled.filter(({ kind }) => kind !== 'timer');
        const it = awake.find((task) => task.name === name);
        const others = awake.filter((task) => task !== it);
        return (taken < after ? (it ?? others[0]) : (others[0] ?? it)) ?? enabled[0];
      },
    };
    runs.push(run(profile, body, { chooser, topology, options: { onEvent } }));
  }
  return runs;
};

/** What the runs reported, each once. */
export const reportsOf = (runs: readonly Ended<unknown>[]): Set<string> =>
  new Set(runs.flatMap(({ reports }) => reports.map(({ message }) => message)));

interface How {
  readonly chooser?: Chooser;
  readonly topology?: NvmeTopology;
  readonly options?: MachineOptions;
}

/** Runs the body as the user of a fresh world, on virtual time unless another chooser is given. */
export const run = <T>(profile: Profile, body: (world: NvmeModelWorld) => Steps<T>, how: How = {}): Ended<T> => {
  const { chooser = virtualTime(), topology = twoControllers, options = {} } = how;
  const machine = new Machine({ numa: profile.numa(topology), ...options });
  const world = withCurrent(machine, undefined, () => profile.makeWorld(topology));
  let value: T | undefined;
  machine.spawn('user', function* () {
    value = yield* body(world);
  });
  machine.run(chooser);
  return { value, reports: machine.reports, machine, world };
};

/** As {@link run}, of a body that ends without a report. */
export const use = <T>(profile: Profile, body: (world: NvmeModelWorld) => Steps<T>, how: How = {}): T => {
  const { value, reports } = run(profile, body, how);
  const said = reports.map(({ message }) => message);
  if (value === undefined || said.length > 0) throw new Error(`${profile.name}: ${said.join() || 'the user is stuck'}`);
  return value;
};

/** The body as a program, for the checker; its outcome is what the body gave, or `stuck`. */
export const programOf = (
  profile: Profile,
  body: (world: NvmeModelWorld) => Steps<Json>,
  topology: NvmeTopology = twoControllers,
): Program => ({
  name: profile.name,
  options: { numa: profile.numa(topology) },
  make: (machine) => {
    const world = profile.makeWorld(topology);
    let value: Json = 'stuck';
    machine.spawn('user', function* () {
      value = yield* body(world);
    });
    return { outcome: () => value };
  },
});

/** The controllers come one after the other, each to rest. */
export function* attach(world: NvmeModelWorld, ...controllers: string[]): Steps<void> {
  for (const label of controllers) {
    yield* modelAttach(world, { controllers: [label] });
    yield* settle();
  }
}

/** They go one after the other; the caller waits for each removal. */
export function* detach(world: NvmeModelWorld, ...controllers: string[]): Steps<void> {
  for (const controller of controllers) yield* modelDetach(world, { controller });
}

/** One read of the head. @returns how it ended, and where it went */
export function* read(world: NvmeModelWorld, as: string): Steps<Json> {
  yield* modelRead(world, { as, cpu: 0, count: 1, through: undefined });
  return [yield* modelResultOf(world, as), yield* modelPathsOf(world, as)];
}
