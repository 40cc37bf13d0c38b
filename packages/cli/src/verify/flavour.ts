// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '@libmultipath/vm-images';
import type { Chosen } from '../selection.js';
import { planFor } from './plan.js';

/** What a kernel is called by, and its `uname -r`. */
export type Named = Pick<Kernel, 'name' | 'release'>;

/** What the name of a generic flavour adds to that of the cloud flavour. */
export const GENERIC = '-generic';

/** The generic flavour of a kernel of the cloud flavour: the same source, with what that one was built without. */
export const genericOf = ({ name, release }: Named): Named | undefined =>
  release.includes('-cloud-') ? { name: `${name}${GENERIC}`, release: release.replace('-cloud-', '-') } : undefined;

/** Scenarios that the kernel cannot show and its generic flavour can, by the models of their drivers. */
export const onlyGeneric = (kernel: Named, chosen: readonly Chosen[]): readonly Chosen[] => {
  const generic = genericOf(kernel);
  if (generic === undefined) return [];
  const here = new Set(planFor(kernel.release, chosen).jobs.map((job) => job.chosen));
  const there = planFor(generic.release, chosen).jobs.map((job) => job.chosen);
  return there.filter((one) => !here.has(one));
};
