// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, MachinePort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { NvmeTopology } from '../topology.js';
import { ATTACH_MS } from './deadlines.js';
import { controllerDevice, controllerId } from './lower.js';

/** What is out of its machine, by the machine's port: whoever uses the machine next puts it back. */
const unplugged = new WeakMap<GuestPort, Set<string>>();

/** @throws LMP-235 nobody can unplug anything there */
const machineOf = ({ machine, hello }: GuestPort): MachinePort => {
  if (machine !== undefined) return machine;
  throw errors.fail('LMP-235', {
    message: `the guest of ${hello.release} is in no machine that a step could take a device out of`,
    todo: 'run the scenario with `mpath verify`',
  });
};

/** Takes the controller's function out of the machine, and waits until the guest has given it up. @throws LMP-717 */
export const takeOut = async (port: GuestPort, label: string): Promise<void> => {
  await machineOf(port).unplug(controllerId(label), { deadlineMs: ATTACH_MS });
  unplugged.set(port, (unplugged.get(port) ?? new Set()).add(label));
};

/** Puts it back in, in the same place; the guest notices later. */
export const putBack = async (port: GuestPort, topology: NvmeTopology, label: string): Promise<void> => {
  await machineOf(port).plug(controllerDevice(topology, label));
  unplugged.get(port)?.delete(label);
};

/**
 * Everything that is out of the machine comes back, and has its driver. (Controllers of one shape of machine have the
 * same labels and places, whatever the topology says beside.)
 */
export const putAllBack = async (port: GuestPort, topology: NvmeTopology): Promise<void> => {
  const out = [...(unplugged.get(port) ?? [])];
  if (out.length === 0) return;
  const { length } = (await port.call('dir.list', { path: '/sys/class/nvme' })).names;
  for (const label of out) await putBack(port, topology, label);
  await port.call('wait.until', {
    all: [
      { path: '/sys/class/nvme/nvme*', is: 'count', count: length + out.length },
      { path: '/sys/class/nvme/nvme*/state', is: 'content', equals: 'live' },
    ],
    deadlineMs: ATTACH_MS,
  });
};
