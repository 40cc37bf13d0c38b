// SPDX-License-Identifier: GPL-2.0-only
import { GONE, unless } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { NvmeNamespaceTopology } from '../../topology.js';
import type { ResizeArgs, SetBackendArgs } from '../../vocabulary/target-args.js';
import { attachedLabels } from '../controllers.js';
import { DETACH_MS } from '../deadlines.js';
import { afterScans } from '../scans.js';
import { namespaceDir } from '../target/configure.js';
import { setDisk } from '../target/disk.js';
import type { NvmeGuestWorld } from '../world.js';

/** @throws LMP-234 the topology has no disk there that a step may change */
const mappedOf = ({ topology }: NvmeGuestWorld, nsid: number): NvmeNamespaceTopology => {
  const found = topology.namespaces.find((each) => each.nsid === nsid);
  if (found?.mapped === true) return found;
  throw errors.fail('LMP-234', {
    message: `the disk of namespace ${String(nsid)} is none that a step may change`,
    todo: 'say `mapped: true` of the namespace, and `transport: tcp`',
  });
};

/** Exchanges the table of the disk, or suspends it. */
export const guestSetBackend = async (world: NvmeGuestWorld, { nsid, state }: SetBackendArgs): Promise<void> => {
  const { sizeMiB } = mappedOf(world, nsid);
  await setDisk(world.port, nsid, world.session.sizesMiB.get(nsid) ?? sizeMiB, state);
};

/** Gives the disk another table, and lets the target look at its size: it tells every controller. */
export const guestResizeNamespace = (world: NvmeGuestWorld, { nsid, sizeMiB }: ResizeArgs): Promise<void> =>
  afterScans(world, 'resize-namespace', String(nsid), async () => {
    mappedOf(world, nsid);
    await setDisk(world.port, nsid, sizeMiB, 'serving');
    world.session.sizesMiB.set(nsid, sizeMiB);
    if ((await attachedLabels(world)).length === 0) return;
    const path = `${namespaceDir(nsid)}/revalidate_size`;
    await unless(world.port.call('file.write', { path, data: '1' }, { deadlineMs: DETACH_MS }), ...GONE);
  });
