// SPDX-License-Identifier: GPL-2.0-only
import type { ModelProfile } from '@libmultipath/driver-kit';
import { featuresOf } from '../features.js';
import { makeNvmeWorld, type NvmeModelWorld } from '../model/world.js';
import { numaOf, type NvmeTopology } from '../topology.js';
import { mainline_multipath } from './multipath.js';
import { profile_6_1, profile_7_3, type MainlineProfile } from './profiles.js';

/** The model of one kernel; a profile with another part makes another model. */
export const mainlineModel = (profile: MainlineProfile): ModelProfile<NvmeTopology, NvmeModelWorld> => ({
  name: profile.name,
  title: `native multipath of Linux ${profile.name}`,
  kind: 'mainline',
  features: featuresOf(profile.name),
  numa: numaOf,
  makeWorld: (topology) => makeNvmeWorld(topology, profile.environment, mainline_multipath(profile.parts)),
});

/** The kernels that are modelled. */
export const mainlineModels: readonly ModelProfile<NvmeTopology, NvmeModelWorld>[] = [
  mainlineModel(profile_6_1),
  mainlineModel(profile_7_3),
];

/** Name of the model that predicts a kernel release such as `7.3.4+deb13-cloud-amd64`. */
export const mainlineProfileFor = (release: string): string | undefined => {
  const [version] = /^\d+\.\d+/.exec(release) ?? [];
  return mainlineModels.find(({ name }) => name === version)?.name;
};
