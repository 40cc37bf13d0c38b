// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import { NVME_SC_INTERNAL, NVME_STATUS_DNR, NVME_STATUS_MORE } from '../environment/constants.js';
import { errors } from '../errors.js';
import type { ResizeArgs, SetBackendArgs } from '../vocabulary/target-args.js';
import { blockNamespace, failBackend, setCapacity } from './path-verbs.js';
import { feedLoads } from './streams.js';
import type { NvmeModelWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;

/** @throws LMP-201 no step may change that disk */
const needMapped = (world: NvmeModelWorld, step: string, nsid: number): void => {
  if (world.topology.namespaces.some((ns) => ns.nsid === nsid && ns.mapped === true)) return;
  throw errors.fail('LMP-201', {
    message: `${step}: the topology has no mapped namespace ${String(nsid)}`,
    todo: 'say `mapped: true` of the namespace',
  });
};

/** What the target makes of an error of its disk, with an entry in its error log. Kernel: blk_to_nvme_status(), nvmet_set_error(). */
const FAILURE = NVME_SC_INTERNAL | NVME_STATUS_DNR | NVME_STATUS_MORE;

export function* modelSetBackend(world: NvmeModelWorld, { nsid, state }: SetBackendArgs): Steps<void> {
  needMapped(world, 'set-backend', nsid);
  yield* feedLoads(world);
  yield* failBackend(world, nsid, state === 'failing' ? FAILURE : null);
  for (const label of world.slots.keys()) yield* blockNamespace(world, label, nsid, state === 'blocked');
}

export function* modelResizeNamespace(world: NvmeModelWorld, { nsid, sizeMiB }: ResizeArgs): Steps<void> {
  needMapped(world, 'resize-namespace', nsid);
  yield* feedLoads(world);
  yield* setCapacity(world, nsid, sizeMiB * SECTORS_PER_MIB);
}
