// SPDX-License-Identifier: GPL-2.0-only
import { libFixed, libV3, libWith, type ModelProfile } from '@libmultipath/driver-kit';
import type { NvmeEnvironmentParts } from './environment/parts.js';
import { environment_7_3 } from './mainline/profiles.js';
import type { NvmeModelWorld } from './model/world.js';
import { passthrough_6_12 } from './passthrough/rules.js';
import type { NvmeTopology } from './topology.js';
import type { NvmeConversion } from './template/library.js';
import { conversionModel } from './template/model.js';
import { nvmeRemedies, partsWith } from './template/remedies/catalogue.js';
import type { NvmeRemedy } from './template/remedies/remedy.js';
import { conversionV1 } from './template/v1/conversion.js';
import { conversionV2 } from './template/v2/conversion.js';
import { conversionV3 } from './template/v3/conversion.js';

type Profile = ModelProfile<NvmeTopology, NvmeModelWorld>;

/**
 * Passthrough as the bases of v1 and v2 have it: it does not count as the head's, and `NVME_IOCTL_SUBMIT_IO` is not
 * looked at; that came with 7.2.
 */
const environment_7_1: NvmeEnvironmentParts = { ...environment_7_3, passthrough: passthrough_6_12 };

/** What v3 stands on, as far as a remedy changes that. */
const environmentWith = (remedies: readonly NvmeRemedy[]): NvmeEnvironmentParts => {
  const { namespaces_guard } = partsWith(remedies);
  return { ...environment_7_3, namespaces_guard };
};

/**
 * The revisions stand on the core and PCI parts of 7.3, not on those of their bases (nvme-7.0, nvme-7.1, 7.2-rc1):
 * but for passthrough no modelled part of them changed in between. What the base's own multipath had not is missing
 * from the features.
 */
const conversions: readonly (readonly [NvmeConversion, NvmeEnvironmentParts])[] = [
  [conversionV1, environment_7_1],
  [conversionV2, environment_7_1],
  [conversionV3(libV3), environment_7_3],
  [conversionV3(libFixed, partsWith(nvmeRemedies)), environmentWith(nvmeRemedies)],
];

/** The models of v1, v2, v3 and fixed. */
export const libraryModels: readonly Profile[] = conversions.map(([nvme, parts]) => conversionModel(nvme, parts));

/**
 * A model whose driver is careless. Undefined: it has no such thing to leave out.
 * @param lacks callbacks, and `drv_module`
 */
export const variantOf = (revision: string, lacks: readonly string[]): Profile | undefined => {
  const found = conversions.find(([nvme]) => nvme.revision === revision);
  if (found === undefined) return undefined;
  const [nvme, parts] = found;
  return lacks.every((name) => nvme.omissible.includes(name)) ? conversionModel({ ...nvme, lacks }, parts) : undefined;
};

/**
 * v3 with the named remedies, of the library (docs/remedies) and of the driver.
 * @throws LMP-101 no such remedy
 */
export const libraryModel = (names: readonly string[]): Profile => {
  const distinct = [...new Set(names)];
  const own = nvmeRemedies.filter(({ name }) => distinct.includes(name));
  const lib = libWith(distinct.filter((name) => !own.some((remedy) => remedy.name === name)));
  const revision = [libV3.revision, ...distinct].join('+');
  return conversionModel(conversionV3(lib, partsWith(own), revision), environmentWith(own));
};
