// SPDX-License-Identifier: GPL-2.0-only
import { register_trace_block_bio_remap, type gendisk, type ModelProfile } from '@libmultipath/driver-kit';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { makeNvmeWorld, type NvmeModelWorld } from '../model/world.js';
import { numaOf, type NvmeTopology } from '../topology.js';
import type { NvmeConversion } from './library.js';
import { template_multipath } from './multipath.js';
import { template_ns } from './nvme-ns.js';

const pathOf = ({ private_data }: gendisk): template_ns | undefined =>
  private_data instanceof template_ns ? private_data : undefined;

/**
 * The tracepoint is hit in the library: which device it names as the old one is read off the record. v1 and v2 hit
 * it before the bio has its new device, so that the path is the old device there, and the head the new one.
 */
const traceRemaps = ({ core }: NvmeModelWorld): void => {
  register_trace_block_bio_remap((what, to, from) => {
    const path = pathOf(to) ?? pathOf(from);
    if (path !== undefined) core.journal.remapped(what, path, pathOf(from) === undefined ? 'head' : 'path');
  });
};

/**
 * The model of a kernel with libmultipath, under the NVMe driver converted to it.
 * @param environment core and PCI driver that it stands on
 */
export const conversionModel = (
  nvme: NvmeConversion,
  environment: NvmeEnvironmentParts,
): ModelProfile<NvmeTopology, NvmeModelWorld> => ({
  name: nvme.revision,
  title: `libmultipath ${nvme.revision}, with NVMe converted to it`,
  kind: 'library',
  features: nvme.features,
  numa: numaOf,
  makeWorld: (topology) => {
    nvme.mpath_init();
    const world = makeNvmeWorld(topology, environment, template_multipath(nvme));
    traceRemaps(world);
    return world;
  },
});
