// SPDX-License-Identifier: GPL-2.0-only
import { isTest, type Rule } from '../tree.js';

/** Hosts of package registries and mirrors: the machine knows its own. */
const host =
  /\b(?:registry|deb|security|archive|snapshot|packages|nodejs)\.(?:npmjs|yarnpkg|debian|ubuntu|nodesource)\.(?:org|com)\b/;
const home = /(?:^|[\s'"`(=:])\/(?:home|root|work|Users)\/\w/;

/** Nothing names a registry, a mirror, or a folder of one person's machine. */
export const portable: Rule = (files) =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const where = `${path}:${index + 1}`;
      if (host.test(line)) return [{ where, message: 'names the host of a registry or mirror' }];
      return home.test(line) ? [{ where, message: 'names a folder of one machine' }] : [];
    }),
  );

/** A lock file that names where a package came from ties everyone to that place. */
export const lockFile: Rule = (files) =>
  files
    .filter(({ path }) => path === 'package-lock.json')
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, where: `${path}:${index + 1}` }))
        .filter(({ line }) => /"resolved": "[^"]*:\/\//.test(line))
        .map(({ where }) => ({ where, message: 'records a download address' })),
    );

const idle = /\b(?:it|test|describe)\.(?:only|skip|todo)\b|expect\(true\)\.toBe\(true\)/;

/** A test that does not run, or cannot fail, tests nothing. */
export const testsRun: Rule = (files) =>
  files
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, where: `${path}:${index + 1}` }))
        .filter(({ line }) => idle.test(line))
        .map(({ where }) => ({ where, message: 'a test runs, and can fail' })),
    );
