// SPDX-License-Identifier: GPL-2.0-only
import {
  leaks,
  libV3,
  Machine,
  virtualTime,
  withCurrent,
  type LibV3,
  type Report,
  type Steps,
} from '@libmultipath/driver-kit';
import { makeVirtioWorld, type VirtioModelWorld } from '../model/world.js';
import { template_multipath } from '../template/multipath.js';
import { virtioTopology } from '../topology.js';

export interface VirtioRun<T> {
  readonly value: T;
  readonly reports: readonly Report[];
}

/** Runs a user task on a fresh kernel with two disks on the library, until nobody has anything to do. */
export const virtioRun = <T>(
  body: (world: VirtioModelWorld) => Steps<T>,
  topology: unknown = { disks: ['p0', 'p1'] },
  lib: LibV3 = libV3,
): VirtioRun<T> => {
  const machine = new Machine({ maxSteps: 100_000 });
  const world = withCurrent(machine, undefined, () => {
    lib.mpath_init();
    return makeVirtioWorld(virtioTopology.parse(topology), (core) => template_multipath(lib, core));
  });
  const found: { value: T }[] = [];
  machine.spawn('test', function* () {
    found.push({ value: yield* body(world) });
  });
  const end = machine.run(virtualTime());
  const [result] = found;
  const reports = [...machine.reports, ...leaks(machine, [world.core])];
  if (result === undefined) throw new Error(`no end (${end}): ${reports.map(({ message }) => message).join('; ')}`);
  return { value: result.value, reports };
};
