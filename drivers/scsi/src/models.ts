// SPDX-License-Identifier: GPL-2.0-only
import {
  isAtLeast,
  libFixed,
  libV1,
  libV2,
  libV3,
  libWith,
  type LibV3,
  type ModelProfile,
} from '@libmultipath/driver-kit';
import { DmDaemon } from './dm-oracle/daemon.js';
import { no_multipath } from './environment/multipath-ops.js';
import { featuresOfRelease, featuresOfRevision } from './features.js';
import { environment_7_3, environments, lookedAt } from './kernels.js';
import { scsi_journal } from './model/journal.js';
import { nothing_to_see } from './model/sight.js';
import { makeScsiWorld, type ScsiModelWorld } from './model/world.js';
import { makeWorldV1, makeWorldV2, makeWorldV3 } from './template/model.js';
import type { TemplateParts } from './template/parts.js';
import { fixedTemplateParts, templatePartsWith, templateRemedies } from './template/remedies.js';
import { v3TemplateParts } from './template/parts.js';
import { numaOf, type ScsiTopology } from './topology.js';

export type ScsiProfile = ModelProfile<ScsiTopology, ScsiModelWorld>;

/** The environment that the posted series is modelled on: the newest kernel that was looked at. */
const BASE = '7.3';

/** Released kernels: SCSI without multipath. */
const released = Object.entries(environments).map(([release, parts]): ScsiProfile => ({
  name: release,
  title: `SCSI of ${release}, without multipath${lookedAt.includes(release) ? '' : ', predicted by the table of features'}`,
  kind: 'mainline',
  features: new Set(featuresOfRelease(release)),
  numa: numaOf,
  makeWorld: (topology) => {
    const journal = new scsi_journal();
    const handler = topology.alua ? 'alua' : undefined;
    const daemon = topology.over === 'dm' ? new DmDaemon(journal, handler) : null;
    return makeScsiWorld(topology, parts, no_multipath, nothing_to_see(), journal, daemon);
  },
}));

/** The same of the cloud flavour, which is built without device handlers: for scenarios that have none. */
const cloud = released.map((model): ScsiProfile => ({
  ...model,
  name: `${model.name}-cloud`,
  title: `${model.title}, cloud flavour`,
  features: new Set([...model.features].filter((name) => name !== 'device-handlers')),
}));

/** Released kernels, of both flavours. */
export const releasedModels: readonly ScsiProfile[] = [...released, ...cloud];

/** What a release has by dm-multipath, and a revision only when it has it itself. */
const OF_DM: readonly string[] = ['dm-multipath', 'waits-without-path'];

const featuresOf = (revision: string): ReadonlySet<string> =>
  new Set([...featuresOfRelease(BASE).filter((name) => !OF_DM.includes(name)), ...featuresOfRevision(revision)]);

const posted = (revision: string, makeWorld: ScsiProfile['makeWorld']): ScsiProfile => ({
  name: revision,
  title: `libmultipath ${revision}, with SCSI over it`,
  kind: 'library',
  features: featuresOf(revision),
  numa: numaOf,
  makeWorld,
});

/** The driver of v3 over a library that is v3 or made of its parts. */
export const libraryModel = (lib: LibV3, parts: TemplateParts): ScsiProfile =>
  posted(lib.revision, (topology) => makeWorldV3(topology, lib, parts, environment_7_3));

/** The models of the posted series, oldest first, then `fixed`. */
export const libraryModels: readonly ScsiProfile[] = [
  posted(libV1.revision, (topology) => makeWorldV1(topology, libV1, environment_7_3)),
  posted(libV2.revision, (topology) => makeWorldV2(topology, libV2, environment_7_3)),
  libraryModel(libV3, v3TemplateParts),
  libraryModel(libFixed, fixedTemplateParts),
];

/**
 * v3 with remedies, of the library and of the driver: a name is one of either.
 * @throws LMP-101 no such remedy
 */
export const modelWith = (names: readonly string[]): ScsiProfile => {
  const own = templateRemedies.map(({ name }) => name);
  const ofDriver = names.filter((name) => own.includes(name));
  const lib = libWith(names.filter((name) => !own.includes(name)));
  const model = libraryModel(lib, templatePartsWith(ofDriver));
  return names.length === 0 ? model : { ...model, name: `v3 with ${names.join(', ')}` };
};

/**
 * Profile that predicts a kernel: the newest one that has no feature which the release lacks. Undefined: the kernel
 * is older than all of them.
 */
export const profileFor = (release: string): string | undefined => {
  const [version] = /^\d+\.\d+/.exec(release) ?? [];
  if (version === undefined) return undefined;
  const name = Object.keys(environments).findLast((known) => isAtLeast(version, known));
  return name !== undefined && release.includes('-cloud-') ? `${name}-cloud` : name;
};

/** Callbacks that a careless driver forgets; SCSI has no char device, so none of its. */
const optional = ['remove_head', 'clone_bio'] as const;

const lacking = <T extends object>(template: T, without: readonly string[]): T => {
  const kept = Object.entries(template).filter(([name]) => !without.includes(name));
  // What is left out is optional in T: `optional` above has nothing else.
  return Object.fromEntries(kept) as T;
};

/** A model whose template lacks the named callbacks; undefined: of these there is none here. */
export const variantOf = (name: string, without: readonly string[]): ScsiProfile | undefined => {
  if (!without.every((one) => optional.some((known) => known === one))) return undefined;
  const model = libraryModels.find((one) => one.name === name);
  if (model === undefined) return undefined;
  const makeWorld = (topology: ScsiTopology): ScsiModelWorld => {
    if (name === libV1.revision)
      return makeWorldV1(topology, libV1, environment_7_3, (template) => lacking(template, without));
    if (name === libV2.revision)
      return makeWorldV2(topology, libV2, environment_7_3, (template) => lacking(template, without));
    const [lib, parts] = name === libFixed.revision ? [libFixed, fixedTemplateParts] : [libV3, v3TemplateParts];
    return makeWorldV3(topology, lib, parts, environment_7_3, (template) => lacking(template, without));
  };
  return { ...model, makeWorld };
};
