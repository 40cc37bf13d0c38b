// SPDX-License-Identifier: GPL-2.0-only
// @ts-check

/**
 * The house: which room may import which. `.dependency-cruiser.mjs` makes rules of it, and the
 * tests beside this file read it too. `packages/errors` is a leaf that every room may import
 * (docs/decisions/0003), so no row repeats it.
 * @type {Readonly<Record<string, readonly string[] | 'all'>>}
 */
export const mayImport = {
  'packages/errors': [],
  'packages/kernel': [],
  'packages/core': ['packages/kernel'],
  'packages/contract': ['packages/kernel', 'packages/core'],
  'packages/checker': ['packages/kernel'],
  'packages/scenario': ['packages/kernel', 'packages/contract'],
  'packages/conformance': ['packages/contract', 'packages/checker', 'packages/scenario'],
  'packages/driver-kit': [
    'packages/kernel',
    'packages/core',
    'packages/contract',
    'packages/checker',
    'packages/scenario',
  ],
  'packages/dm-multipath': ['packages/kernel'],
  'drivers/*': ['packages/driver-kit', 'packages/dm-multipath'],
  harness: ['packages/contract', 'vm-images'],
  'vm-images': [],
  'packages/report': ['packages/contract'],
  'packages/scaffold': [],
  'packages/nx-plugin': ['packages/scaffold'],
  'packages/cli': 'all',
};

/** The hundred of error numbers each owner has (docs/decisions/0003). */
export const hundredOf = /** @type {Readonly<Record<string, number>>} */ ({
  'packages/kernel': 0,
  'packages/core': 1,
  'drivers/*': 2,
  'packages/dm-multipath': 2,
  'packages/checker': 3,
  'packages/scenario': 4,
  'packages/conformance': 5,
  'packages/driver-kit': 6,
  harness: 7,
  'vm-images': 8,
  'packages/cli': 9,
  'packages/report': 9,
});

/** Where nothing may read a clock, chance, the console or the environment. */
export const modelFolders = [
  'packages/kernel/src',
  'packages/core/src',
  'drivers/*/src/template',
  'drivers/*/src/mainline',
];

/**
 * What the folders of a driver may not import from each other: mainline and the library's template
 * share only the environment, and the environment knows neither.
 */
export const driverFolders = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  environment: ['mainline', 'template', 'guest'],
  mainline: ['template', 'guest'],
  template: ['mainline', 'guest'],
  guest: ['mainline', 'template'],
});

/**
 * A regular expression's source for a path pattern; `*` stands for one name.
 * @param {string} pattern
 */
export const pathPattern = (pattern) => `^${pattern.replaceAll('*', '[^/]+')}/`;

/**
 * The row of the table a path belongs to.
 * @param {string} path relative to the repository
 * @returns {string | undefined}
 */
export const roomOf = (path) => Object.keys(mayImport).find((room) => new RegExp(pathPattern(room)).test(path));
