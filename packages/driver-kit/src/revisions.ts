// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryPort, Driver, ModelProfile } from '@libmultipath/contract';
import {
  checkTemplate,
  libFixed,
  libV1,
  libV2,
  libV3,
  libWith,
  templateShapeV3,
  v1,
  v2,
  type LibV1,
  type LibV2,
  type LibV3,
  type TemplateShape,
} from '@libmultipath/core';
import { isLmpError } from '@libmultipath/errors';
import type { NumaTopology } from '@libmultipath/kernel';
import { errors } from './errors.js';
import type { TemplateV1, TemplateV2, TemplateV3 } from './template/template-types.js';

interface Libraries {
  readonly v1: LibV1;
  readonly v2: LibV2;
  readonly v3: LibV3;
}

interface Templates {
  readonly v1: TemplateV1;
  readonly v2: TemplateV2;
  readonly v3: TemplateV3;
}

/** A posted revision of the library. */
export type RevisionName = keyof Libraries;

/** The template of each revision that a driver is written for: a function of the library it is given. */
export type Revisions<R extends RevisionName> = { readonly [K in R]: (lib: Libraries[K]) => Templates[K] };

/** A library and the driver's template on it, revision by revision. */
export type OnRevision<R extends RevisionName> = {
  [K in R]: {
    readonly revision: K;
    readonly lib: Libraries[K];
    readonly template: Templates[K];
    /** What a shape of the battery wants left out; the callbacks among it are not in `template`. */
    readonly without: readonly string[];
  };
}[R];

/** What exists without libmultipath: the same under every revision. */
export interface Environment<T, M, R extends RevisionName> {
  /** Names out of {@link Driver.features} that the models have. */
  readonly features: readonly string[];
  numa(topology: T): NumaTopology;
  /** The initial state on the current machine: nothing attached. Registers its roots in `machine.globals`. */
  makeWorld(topology: T, on: OnRevision<R>): M;
}

/** A driver by its templates: the models follow from them. */
export interface RevisedDriver<T, M, G, R extends RevisionName> extends Omit<
  Driver<T, M, G>,
  'models' | 'libraryModel' | 'battery'
> {
  readonly revisions: Revisions<R>;
  readonly environment: Environment<T, M, R>;
  /** Models of kernels without the library, if the driver has any. */
  readonly mainline?: readonly ModelProfile<T, M>[];
  /** `variant` need not be given: the kit leaves callbacks out. */
  readonly battery?: BatteryPort<T, M>;
}

const shapes: { readonly [K in RevisionName]: TemplateShape } = {
  v1: v1.templateShape,
  v2: v2.templateShape,
  v3: templateShapeV3,
};

/** The driver's template, looked at. @throws LMP-102 to LMP-104; LMP-609 it is none */
const templateOf = <K extends RevisionName>(
  driver: string,
  revision: K,
  make: (lib: Libraries[K]) => Templates[K],
  lib: Libraries[K],
): Templates[K] => {
  const where = `driver ${driver}, revisions.${revision}`;
  let template: Templates[K];
  try {
    template = make(lib);
  } catch (cause) {
    if (isLmpError(cause)) throw cause;
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw errors.fail('LMP-609', { message: `expected a template, and it threw ${reason}`, where, cause });
  }
  // A driver in plain JavaScript gives what it likes.
  const given: unknown = template;
  if (typeof given !== 'object' || given === null) {
    throw errors.fail('LMP-609', {
      message: `expected an object with callbacks, found ${String(given)}`,
      where,
      todo: 'return the template from the function',
    });
  }
  checkTemplate({ ...given }, shapes[revision]);
  return template;
};

const leaveOut = <V extends object>(template: V, names: readonly string[]): V =>
  // Optional callbacks alone are left out: the battery asks for nothing else.
  Object.fromEntries(Object.entries(template).filter(([name]) => !names.includes(name))) as V;

/** The models of a driver by its templates, and how more of them are made. */
export const modelsOf = <T, M, G, R extends RevisionName>(
  driver: RevisedDriver<T, M, G, R>,
): Pick<Driver<T, M, G>, 'models' | 'libraryModel' | 'battery'> => {
  const { name, title, environment, mainline = [], battery } = driver;
  // Each revision is there or not; which is what R says.
  const revisions = driver.revisions as Partial<Revisions<RevisionName>>;
  const made = new WeakMap<ModelProfile<T, M>, (without: readonly string[]) => ModelProfile<T, M>>();
  const modelOn = <K extends RevisionName>(
    revision: K,
    lib: Libraries[K],
    make: (lib: Libraries[K]) => Templates[K],
  ): ModelProfile<T, M> => {
    const template = templateOf(name, revision, make, lib);
    const variant = (without: readonly string[]): ModelProfile<T, M> => ({
      name: lib.revision,
      title: `${title}, on libmultipath ${lib.revision}`,
      kind: 'library',
      features: new Set(environment.features),
      numa: (topology) => environment.numa(topology),
      makeWorld: (topology) => {
        const on = { revision, lib, template: leaveOut(template, without), without };
        // K is one of R: the revision was found among the driver's own.
        return environment.makeWorld(topology, on as unknown as OnRevision<R>);
      },
    });
    const model = variant([]);
    made.set(model, variant);
    return model;
  };
  const onV3 = (lib: LibV3): ModelProfile<T, M>[] =>
    revisions.v3 === undefined ? [] : [modelOn('v3', lib, revisions.v3)];
  const models = [
    ...mainline,
    ...(revisions.v1 === undefined ? [] : [modelOn('v1', libV1, revisions.v1)]),
    ...(revisions.v2 === undefined ? [] : [modelOn('v2', libV2, revisions.v2)]),
    ...onV3(libV3),
    ...onV3(libFixed),
  ];
  return {
    models,
    ...(revisions.v3 === undefined
      ? {}
      : {
          libraryModel: (remedies) => {
            const [model] = onV3(libWith(remedies));
            if (model === undefined) throw new Error('the revision was there');
            return model;
          },
        }),
    ...(battery === undefined
      ? {}
      : { battery: { variant: (profile, without) => made.get(profile)?.(without), ...battery } }),
  };
};
