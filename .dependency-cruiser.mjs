// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { driverFolders, mayImport, modelFolders, pathPattern } from './test/rooms.mjs';

// What only tests use counts as a test: `x.test.ts`, `x.test.kit.ts`, and a folder `testing/`.
const tests = '[.]test[.]|/testing/|/test/';
const rooms = '^(packages/[^/]+|drivers/[^/]+|harness|vm-images)/';

/** One rule for each row of the table: everything of ours that is not named is forbidden. */
const arrows = Object.entries(mayImport).flatMap(([room, allowed]) =>
  allowed === 'all'
    ? []
    : [
        {
          name: `room-${room.replaceAll('/', '-').replaceAll('*', 'any')}`,
          comment: `${room} may import ${['packages/errors', ...allowed].join(', ')} (design, "The house")`,
          severity: /** @type {const} */ ('error'),
          from: { path: `^(${room.replaceAll('*', '[^/]+')})/` },
          to: {
            path: rooms,
            // $1 is the room itself: one driver is not another.
            pathNot: ['^$1/', ...['packages/errors', ...allowed].map(pathPattern)],
          },
        },
      ],
);

const insideDriver = Object.entries(driverFolders).map(([folder, forbidden]) => ({
  name: `driver-${folder}`,
  comment: `drivers/*/src/${folder} knows nothing of ${forbidden.join(', ')}`,
  severity: /** @type {const} */ ('error'),
  from: { path: `^drivers/([^/]+)/src/${folder}/`, pathNot: tests },
  to: { path: `^drivers/[^/]+/src/(${forbidden.join('|')})/` },
}));

export default {
  forbidden: [
    ...arrows,
    ...insideDriver,
    {
      name: 'model-is-pure',
      comment: 'the model reads no clock, no chance, no file: nothing of Node, and no package from outside',
      severity: 'error',
      from: { path: modelFolders.map(pathPattern), pathNot: tests },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'driver-packages',
      comment: 'a driver needs driver-kit and zod, nothing else',
      severity: 'error',
      from: { path: '^drivers/[^/]+/src/', pathNot: tests },
      to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/(zod|@libmultipath)/' },
    },
    {
      name: 'no-tests-in-sources',
      comment: 'what ships does not import a test, nor a tool of the tests',
      severity: 'error',
      from: { path: rooms, pathNot: [tests, '/bench/'] },
      to: { path: [tests, '(^|/)node_modules/(vitest|fast-check|tinybench)/'] },
    },
    {
      name: 'no-circle',
      comment: 'two files that need each other are one concept, or lack a third',
      severity: 'error',
      from: { path: rooms },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere, or past the front door of a package',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'a package is declared by the room that imports it',
      severity: 'error',
      from: { path: rooms, pathNot: [tests, '/bench/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What a template imports is for the package that is made of it.
    exclude: { path: '(^|/)(dist|[.]reports|coverage)/|^packages/scaffold/templates/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@libmultipath/source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.d.ts', '.mjs', '.js', '.json'],
    },
  },
};
