// SPDX-License-Identifier: GPL-2.0-only
import { register_trace_block_bio_remap, type gendisk, type LibV3, type ModelProfile } from '@libmultipath/driver-kit';
import type { NvmeEnvironmentParts } from '../environment/parts.js';
import { featuresOf } from '../features.js';
import { makeNvmeWorld, type NvmeModelWorld } from '../model/world.js';
import { numaOf, type NvmeTopology } from '../topology.js';
import { template_multipath } from './multipath.js';
import { nvme_ns } from './nvme-ns.js';

/** Release whose features the conversion has: its base is 7.2-rc1. */
const BASE = '7.2';

const pathOf = ({ private_data }: gendisk): nvme_ns | undefined =>
  private_data instanceof nvme_ns ? private_data : undefined;

/** The tracepoint is hit in the library: which device it names as the old one is read off the record. */
const traceRemaps = ({ core }: NvmeModelWorld): void => {
  register_trace_block_bio_remap((what, to, from) => {
    const path = pathOf(to);
    if (path !== undefined) core.journal.remapped(what, path, pathOf(from) === undefined ? 'head' : 'path');
  });
};

/**
 * The model of a kernel with libmultipath, revision v3, under the converted NVMe driver.
 * @param environment core and PCI driver that it stands on
 */
export const libraryModel = (
  lib: LibV3,
  environment: NvmeEnvironmentParts,
): ModelProfile<NvmeTopology, NvmeModelWorld> => ({
  name: lib.revision,
  title: `libmultipath ${lib.revision}, with NVMe converted to it`,
  kind: 'library',
  features: featuresOf(BASE),
  numa: numaOf,
  makeWorld: (topology) => {
    lib.mpath_init();
    const world = makeNvmeWorld(topology, environment, template_multipath(lib));
    traceRemaps(world);
    return world;
  },
});
