// SPDX-License-Identifier: GPL-2.0-only
import {
  Machine,
  virtualTime,
  withCurrent,
  type NumaTopology,
  type Report,
  type Steps,
} from '@libmultipath/driver-kit';
import { mainline_multipath } from '../mainline/multipath.js';
import type { MainlineProfile } from '../mainline/profiles.js';
import { makeNvmeWorld, type NvmeModelWorld } from '../model/world.js';
import { nvmeTopology, numaOf, type NvmeTopology } from '../topology.js';

/** A topology as a scenario file gives it. */
export const topologyOf = (given: unknown): NvmeTopology => nvmeTopology.parse(given);

export const twoPaths = topologyOf({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });

export interface KernelRun<T> {
  readonly value: T;
  readonly reports: readonly Report[];
  readonly world: NvmeModelWorld;
  readonly machine: Machine;
}

/** Runs a user task on a fresh model of the kernel, in virtual time, to its end. */
export const kernelRun = <T>(
  profile: MainlineProfile,
  topology: NvmeTopology,
  body: (world: NvmeModelWorld) => Steps<T>,
  numa: NumaTopology = numaOf(topology),
): KernelRun<T> => {
  const machine = new Machine({ numa, maxSteps: 100_000 });
  const world = withCurrent(machine, undefined, () =>
    makeNvmeWorld(topology, profile.environment, mainline_multipath(profile.parts)),
  );
  const found: { value: T }[] = [];
  const task = machine.spawn('test', function* () {
    found.push({ value: yield* body(world) });
  });
  const end = machine.run(virtualTime(), () => task.done);
  const [result] = found;
  if (result === undefined) {
    const why = machine.reports.map(({ message }) => message).join('; ');
    throw new Error(`the task did not end (${end}): ${why || task.pending?.op || 'killed'}`);
  }
  return { value: result.value, reports: machine.reports, world, machine };
};
