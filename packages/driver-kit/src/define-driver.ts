// SPDX-License-Identifier: GPL-2.0-only
import { DRIVER_API, type Driver } from '@libmultipath/contract';
import { checkExample, type VocabularyWord } from '@libmultipath/scenario';
import { errors } from './errors.js';
import { modelsOf, type RevisedDriver, type RevisionName } from './revisions.js';

const nameForm = /^[a-z][a-z0-9-]*$/;
const reserved: readonly string[] = ['observe', 'as'];

/**
 * Declares a driver, and finds out without running it what would only show later.
 * @throws LMP-601 another interface version; LMP-602 an unusable name; LMP-603 a wrong
 *   example; LMP-604 an unknown feature; LMP-605 no models, or two of one name;
 *   LMP-606 a library model that is none of them; LMP-609 no template; LMP-102 to LMP-104 a
 *   template that is not whole; LMP-611 a part that is missing or of the wrong type
 *
 * A driver gives its `models`, or `environment` and `revisions`: what exists without the library, and
 * the template for each revision of it. The models then follow, `fixed` and those with remedies too.
 *
 * @example
 * export const acme = defineDriver({
 *   api: DRIVER_API,
 *   name: 'acme',
 *   environment: { features: [], numa, makeWorld: (topology, { lib, template }) => new AcmeWorld(topology, lib, template) },
 *   revisions: { v3: (lib) => ({ available_path, is_disabled, is_optimized, remove_head: (head) => remove(lib, head) }) },
 *   steps, observations, guest, …
 * });
 */
export function defineDriver<T, M, G>(driver: Driver<T, M, G>): Driver<T, M, G>;
export function defineDriver<T, M, G, R extends RevisionName>(driver: RevisedDriver<T, M, G, R>): Driver<T, M, G>;
export function defineDriver<T, M, G, R extends RevisionName>(
  given: Driver<T, M, G> | RevisedDriver<T, M, G, R>,
): Driver<T, M, G> {
  checkApi(given);
  if (!('revisions' in given)) return checked(given);
  const { revisions: _revisions, environment: _environment, mainline: _mainline, battery: _battery, ...rest } = given;
  return checked({ ...rest, ...modelsOf(given) });
}

/** A driver may come from another build: what it has is not what the types say. @throws LMP-601 */
const checkApi = (driver: Readonly<Record<keyof Pick<Driver, 'api' | 'name'>, unknown>>): void => {
  const { api, name } = driver;
  if (api !== DRIVER_API) {
    throw errors.fail('LMP-601', {
      message: `expected api ${String(DRIVER_API)}, found ${String(api)}`,
      where: `driver ${String(name)}`,
      todo: 'build the driver against this version of @libmultipath/driver-kit',
    });
  }
};

const checked = <T, M, G>(driver: Driver<T, M, G>): Driver<T, M, G> => {
  const where = `driver ${driver.name}`;
  checkParts(driver, where);
  checkNames(driver, where);
  checkExamples(driver, where);
  checkModels(driver, where);
  return Object.freeze({ ...driver });
};

/** Types of the parts, for a driver that was written without types. */
const parts: Readonly<Record<string, 'string' | 'function' | 'object'>> = {
  name: 'string',
  title: 'string',
  topology: 'object',
  declares: 'function',
  features: 'object',
  steps: 'object',
  observations: 'object',
  models: 'object',
  profileFor: 'function',
  guest: 'object',
  explanations: 'object',
  scenarios: 'object',
};

const checkParts = (driver: object, where: string): void => {
  for (const [part, type] of Object.entries(parts)) {
    const given: unknown = Reflect.get(driver, part);
    if (typeof given === type && given !== null) continue;
    throw errors.fail('LMP-611', {
      message: `expected \`${part}\` to be of type ${type}, found ${given === null ? 'null' : typeof given}`,
      where,
      todo: 'the type `Driver` says what each part is',
    });
  }
};

const checkNames = <T, M, G>(driver: Driver<T, M, G>, where: string): void => {
  const words = [...Object.keys(driver.steps), ...Object.keys(driver.observations)];
  for (const name of [driver.name, ...words, ...Object.keys(driver.features)]) {
    if (nameForm.test(name) && !reserved.includes(name)) continue;
    throw errors.fail('LMP-602', {
      message: `expected a name of lower case letters, digits and dashes, found \`${name}\``,
      where,
      todo: 'rename it',
    });
  }
};

const checkExamples = <T, M, G>(driver: Driver<T, M, G>, where: string): void => {
  const vocabulary: readonly (readonly ['step' | 'observation', Readonly<Record<string, VocabularyWord>>])[] = [
    ['step', driver.steps],
    ['observation', driver.observations],
  ];
  for (const [kind, words] of vocabulary) {
    for (const [name, word] of Object.entries(words)) {
      const wrong = checkExample(name, word, kind);
      if (wrong === undefined) continue;
      throw errors.fail('LMP-603', {
        message: `the example \`${word.example}\` ${wrong}`,
        where: `${where}, ${kind} ${name}`,
        todo: 'give an entry as it would stand in a scenario file',
      });
    }
  }
};

const checkModels = <T, M, G>(driver: Driver<T, M, G>, where: string): void => {
  const names = driver.models.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length) {
    throw errors.fail('LMP-605', {
      message: `expected models of different names, found ${names.join(', ') || 'none'}`,
      where,
    });
  }
  // Without remedies it is the library as it was posted, which is one of the models.
  const plain = driver.libraryModel?.([]);
  if (plain !== undefined && !(plain.kind === 'library' && names.includes(plain.name))) {
    throw errors.fail('LMP-606', {
      message: `expected libraryModel([]) to be one of the models, of kind library; found ${plain.name}, of kind ${plain.kind}`,
      where,
      todo: 'list it in `models`',
    });
  }
  for (const { name, features } of driver.models) {
    for (const feature of features) {
      if (Object.hasOwn(driver.features, feature)) continue;
      throw errors.fail('LMP-604', {
        message: `model ${name} has the feature \`${feature}\`, which the driver does not list`,
        where,
        todo: 'add it to `features`, with the kernel that brought it',
      });
    }
  }
};
