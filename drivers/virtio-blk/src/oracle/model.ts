// SPDX-License-Identifier: GPL-2.0-only
import type { ModelProfile } from '@libmultipath/driver-kit';
import { makeVirtioWorld, type VirtioModelWorld } from '../model/world.js';
import { numaOf, type VirtioTopology } from '../topology.js';
import { dm_oracle } from './multipath.js';

/** The model of a released kernel: virtio disks with dm-multipath over them. */
export const dmModel: ModelProfile<VirtioTopology, VirtioModelWorld> = {
  name: 'dm-multipath',
  title: 'released kernels: dm-multipath over virtio disks',
  kind: 'mainline',
  features: new Set(),
  numa: numaOf,
  makeWorld: (topology) => makeVirtioWorld(topology, dm_oracle),
};

/** Nothing that the model shows has changed from 6.1 to 7.3. */
export const dmProfileFor = (release: string): string | undefined => {
  const [major = 0] = release.split('.').map(Number);
  return major >= 6 ? dmModel.name : undefined;
};
