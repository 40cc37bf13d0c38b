// SPDX-License-Identifier: GPL-2.0-only
import { nvmeTopology } from '../../topology.js';
import { PciSlot } from '../slots.js';
import { GuestTrace } from '../trace/guest-trace.js';
import { newSession, type NvmeGuestWorld } from '../world.js';
import type { FakeGuest } from './fake-guest.js';

const TRACE = '/sys/kernel/tracing/instances/mpath_nvme/trace';

export const topology = nvmeTopology.parse({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });

const slot = (label: string, bus: string): [string, PciSlot] => [label, new PciSlot(label, bus, `${bus}:00.0`)];
const slots = new Map([slot('c0', '0000:01'), slot('c1', '0000:02')]);

/** Files of a subsystem with one head and a path of each named controller: c0 is nvme3, c1 is nvme5. */
export const twoPaths = (labels: readonly ('c0' | 'c1')[] = ['c0', 'c1']): Map<string, string> => {
  const head = '/sys/class/nvme-subsystem/nvme-subsys3/nvme3n1';
  const files = new Map([
    ['/sys/class/nvme-subsystem/nvme-subsys3/iopolicy', 'numa\n'],
    [`${head}/nsid`, '1\n'],
    [`${head}/size`, '131072\n'],
    [`${head}/hidden`, '0\n'],
    ['/sys/class/nvme-generic/ng3n1/dev', '1:1\n'],
    ['/proc/diskstats', ' 259 0 nvme3c3n1 0\n 259 1 nvme3c5n1 0\n 259 9 nvme3n1 0\n'],
  ]);
  for (const label of labels) {
    const [bus, instance] = label === 'c0' ? ['0000:01', 3] : ['0000:02', 5];
    const controller = `/sys/bus/pci/devices/${bus}:00.0/nvme/nvme${instance}`;
    files.set(`/sys/bus/pci/devices/${bus}:00.0/remove`, '');
    files.set(`${controller}/state`, 'live\n');
    files.set(`${controller}/ng5n1/dev`, '1:1\n');
    files.set(`${controller}/nvme3c${instance}n1/nsid`, '1\n');
    files.set(`${controller}/nvme3c${instance}n1/size`, '131072\n');
    files.set(`${controller}/nvme3c${instance}n1/hidden`, '1\n');
  }
  return files;
};

/** A world over a fake guest, with a trace that holds `text`. */
export const fakeWorld = async (guest: FakeGuest, text = ''): Promise<NvmeGuestWorld> => {
  guest.files.set(TRACE, text);
  const trace = await GuestTrace.open(guest);
  guest.seen.length = 0;
  return { port: guest, topology, slots, trace, session: newSession() };
};

export const setTrace = (guest: FakeGuest, text: string): void => {
  guest.files.set(TRACE, text);
};
