// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { NvmeTopology } from '../topology.js';
import { putAllBack } from './plugging.js';
import { cleanGuest } from './reset.js';
import { locateSlots } from './slots.js';
import { configureTarget } from './target/configure.js';
import { GuestTrace } from './trace/guest-trace.js';
import { newSession, type NvmeGuestWorld } from './world.js';

const DRIVER_DIR = '/sys/bus/pci/drivers/nvme';
const MULTIPATH = '/sys/module/nvme_core/parameters/multipath';

const needMultipath = async (port: GuestPort, topology: NvmeTopology): Promise<void> => {
  const driver = await port.call('file.stat', { path: DRIVER_DIR });
  if (driver.kind === 'absent') {
    throw errors.fail('LMP-220', {
      message: `${port.hello.release} has no PCI driver called nvme`,
      where: DRIVER_DIR,
      todo: 'take a kernel with CONFIG_BLK_DEV_NVME; where it is a module, give --modules',
    });
  }
  const multipath = await attributeOf(port, MULTIPATH);
  const wanted = topology.multipath === false ? 'N' : 'Y';
  if (multipath !== wanted) {
    throw errors.fail('LMP-229', {
      message: `nvme_core.multipath is ${multipath ?? 'absent'} in ${port.hello.release}, expected ${wanted}`,
      where: MULTIPATH,
      todo: 'take a kernel with CONFIG_NVME_MULTIPATH, and leave nvme_core.multipath to the topology',
    });
  }
};

/**
 * First contact with a booted guest: finds each controller, sets tracing up, and leaves
 * the guest as every scenario expects it, with nothing attached.
 * @throws LMP-220, LMP-229, LMP-233 this kernel cannot do it at all: `unsupported`
 * @throws LMP-221, LMP-222, LMP-226 the guest is not as it should be
 */
export const openGuest = async (port: GuestPort, topology: NvmeTopology): Promise<NvmeGuestWorld> => {
  await needMultipath(port, topology);
  await putAllBack(port, topology);
  const slots =
    topology.transport === 'tcp' ? await configureTarget(port, topology) : await locateSlots(port, topology);
  const trace = await GuestTrace.open(port);
  const world: NvmeGuestWorld = { port, topology, slots, trace, session: newSession() };
  await cleanGuest(world);
  return world;
};
