// SPDX-License-Identifier: GPL-2.0-only
import { libFixed, settle, type Steps } from '@libmultipath/driver-kit';
import { fixedTemplateParts, templatePartsWith, templateRemedies } from '../template/remedies.js';
import { attach, plainUnit, qemuNexus, type Attached } from './arrays.js';
import type { MpathOptions, MpathWorld } from './mpath-run.js';

/** The library and the driver with all remedies. */
export const fixed: MpathOptions = { lib: libFixed, parts: fixedTemplateParts };

/** The library of v3, and the driver with all remedies but one. */
export const without = (name: string): MpathOptions => {
  const names = templateRemedies.map((remedy) => remedy.name);
  if (!names.includes(name)) throw new Error(`no remedy: ${name}`);
  return { parts: templatePartsWith(names.filter((other) => other !== name)) };
};

export interface One {
  readonly first: Attached;
}

export interface Two extends One {
  readonly second: Attached;
}

/** A path of a unit, on a host of its own. */
export function* attachOne({ core }: MpathWorld): Steps<One> {
  const first = yield* attach(core, qemuNexus(plainUnit()));
  yield* settle();
  return { first };
}

/** Another path of the same unit, on another host. */
export const attachAnother = ({ first }: One, { core }: MpathWorld): Steps<Attached> =>
  attach(core, qemuNexus(first.sdev.nexus.unit));

/** Two paths of one unit, on a host each. */
export function* attachTwo(world: MpathWorld): Steps<Two> {
  const one = yield* attachOne(world);
  const second = yield* attachAnother(one, world);
  yield* settle();
  return { ...one, second };
}
