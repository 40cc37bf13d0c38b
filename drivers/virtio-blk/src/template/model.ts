// SPDX-License-Identifier: GPL-2.0-only
import type { LibV3, ModelProfile } from '@libmultipath/driver-kit';
import { makeVirtioWorld, type VirtioModelWorld } from '../model/world.js';
import { numaOf, type VirtioTopology } from '../topology.js';
import { template_multipath } from './multipath.js';

/**
 * The model of a kernel with libmultipath, under a virtio-blk driver that uses it.
 * @param without what a careless author leaves out
 */
export const libraryModel = (
  lib: LibV3,
  without: ReadonlySet<string> = new Set(),
): ModelProfile<VirtioTopology, VirtioModelWorld> => ({
  name: lib.revision,
  title: `libmultipath ${lib.revision}, with virtio-blk on it`,
  kind: 'library',
  features: new Set(),
  numa: numaOf,
  makeWorld: (topology) => {
    lib.mpath_init();
    return makeVirtioWorld(topology, (core) => template_multipath(lib, core, without));
  },
});
