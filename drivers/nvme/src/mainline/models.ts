// SPDX-License-Identifier: GPL-2.0-only
import { isAtLeast, type ModelProfile } from '@libmultipath/driver-kit';
import { releasesOfChange } from '../features.js';
import { makeNvmeWorld, type NvmeModelWorld } from '../model/world.js';
import { numaOf, type NvmeTopology } from '../topology.js';
import { mainline_multipath } from './multipath.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, profileOf, type MainlineProfile } from './profiles.js';

type MainlineModel = ModelProfile<NvmeTopology, NvmeModelWorld>;

const modelWith = (profile: MainlineProfile, title: string): MainlineModel => ({
  name: profile.name,
  title,
  kind: 'mainline',
  features: profile.features,
  numa: numaOf,
  makeWorld: (topology) => makeNvmeWorld(topology, profile.environment, mainline_multipath(profile.parts)),
});

/** The model of one kernel; a profile with another part makes another model. */
export const mainlineModel = (profile: MainlineProfile): MainlineModel =>
  modelWith(profile, `native multipath of Linux ${profile.name}`);

const readKernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];
const oldest = profile_6_1.name;

/** Releases in between at which a feature arrived: nobody has looked at these kernels. */
const predicted = releasesOfChange().filter(
  (release) => isAtLeast(release, oldest) && readKernels.every(({ name }) => name !== release),
);

/** The kernels that are modelled, oldest first. */
export const mainlineModels: readonly MainlineModel[] = [
  ...readKernels.map(mainlineModel),
  ...predicted.map((release) =>
    modelWith(profileOf(release), `native multipath of Linux ${release}, predicted by the table of features`),
  ),
].toSorted((a, b) => (isAtLeast(a.name, b.name) ? 1 : -1));

/**
 * Name of the model that predicts a kernel release such as `7.3.4+deb13-cloud-amd64`: the newest one
 * that has no feature which the release lacks. Undefined: older than all of them.
 */
export const mainlineProfileFor = (release: string): string | undefined => {
  const [version] = /^\d+\.\d+/.exec(release) ?? [];
  if (version === undefined) return undefined;
  return mainlineModels.findLast(({ name }) => isAtLeast(version, name))?.name;
};
