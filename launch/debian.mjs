// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

import { runChild } from './child.mjs';
import { LaunchFailure } from './failure.mjs';
import { readJson, root } from './paths.mjs';
import { runStage } from './stage.mjs';

/**
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} provides the name of a program, or an absolute file, that shows it is installed
 * @property {string} why
 */

const aptMs = 20 * 60_000;
const askMs = 30_000;
/** What virtual machines need. */
const machineList = join(root, 'vm-images', 'debian-packages.json');
/** What the tests of the HTML report open it in; no command needs it. */
const browserList = join(root, 'packages', 'report', 'page', 'debian-packages.json');
/** Programs of packages also live here, and an ordinary user's PATH lacks them. */
const systemDirs = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/**
 * @param {unknown} list contents of vm-images/debian-packages.json
 * @returns {DebianPackage[]}
 */
export const parsePackages = (list) => {
  const packages = typeof list === 'object' && list !== null && 'packages' in list ? list.packages : undefined;
  if (!Array.isArray(packages)) throw new TypeError('debian-packages.json: expected {"packages": […]}');
  return packages.map((/** @type {Readonly<Record<string, unknown>>} */ entry) => {
    /** @param {string} key */
    const text = (key) => {
      const value = entry[key];
      if (typeof value !== 'string') throw new TypeError(`debian-packages.json: expected a text as "${key}"`);
      return value;
    };
    return { name: text('name'), provides: text('provides'), why: text('why') };
  });
};

/**
 * @typedef {object} Machine
 * @property {string} path the PATH
 * @property {(file: string) => boolean} exists
 */

/**
 * @param {string} provides
 * @param {Machine} machine
 */
export const isPresent = (provides, { path, exists }) =>
  isAbsolute(provides)
    ? exists(provides)
    : [...path.split(delimiter).filter(Boolean), ...systemDirs].some((dir) => exists(join(dir, provides)));

/**
 * @param {readonly DebianPackage[]} packages
 * @param {Machine} machine
 */
export const missingPackages = (packages, machine) => packages.filter(({ provides }) => !isPresent(provides, machine));

/** @param {readonly string[]} names */
export const aptArgs = (names) => [
  'install',
  '-y',
  '--no-install-recommends',
  '-o',
  'DPkg::Lock::Timeout=120',
  ...names,
];

/**
 * The one command that mends it, for a person to type.
 * @param {readonly string[]} names
 */
export const mendingCommand = (names) => `sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;

/**
 * @param {{ hasApt: boolean, isRoot: boolean, sudoAllowed: boolean }} machine
 * @returns {readonly string[] | undefined} what to put before `apt-get`'s arguments; undefined where we may not
 */
export const aptPrefix = ({ hasApt, isRoot, sudoAllowed }) => {
  if (!hasApt) return undefined;
  if (isRoot) return ['apt-get'];
  return sudoAllowed ? ['sudo', '-n', 'apt-get'] : undefined;
};

/** @returns {Machine} */
const here = () => ({ path: process.env['PATH'] ?? '', exists: existsSync });

/** @param {string} list */
const missingHere = (list) => (existsSync(list) ? missingPackages(parsePackages(readJson(list)), here()) : []);

const machineHere = async () => {
  const hasApt = isPresent('apt-get', here());
  const isRoot = process.getuid?.() === 0;
  const asks = hasApt && !isRoot && isPresent('sudo', here());
  const sudoAllowed =
    asks &&
    (await runChild('sudo', ['-n', '-l', 'apt-get'], { cwd: root, capture: true, timeoutMs: askMs })).code === 0;
  return { hasApt, isRoot, sudoAllowed };
};

/**
 * Installs what a list names, where we may.
 * @param {string} list
 * @throws {LaunchFailure} LMP-953 where we may not, LMP-954 where apt-get failed
 */
const ensureList = async (list) => {
  const names = missingHere(list).map(({ name }) => name);
  if (names.length === 0) return;
  const prefix = aptPrefix(await machineHere());
  if (prefix === undefined) {
    throw new LaunchFailure(
      'LMP-953',
      `expected ${names.join(', ')} on this machine, found it missing`,
      mendingCommand(names),
    );
  }
  await runStage({ name: 'packages', does: `apt-get install ${names.join(' ')}` }, async () => {
    const [program = 'apt-get', ...before] = prefix;
    /** @param {readonly string[]} args */
    const apt = (args) =>
      runChild(program, [...before, ...args], {
        cwd: root,
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        capture: true,
        timeoutMs: aptMs,
      });
    // A fresh machine has no package list, an old one a stale list: both show as a failed install.
    let last = await apt(aptArgs(names));
    if (last.code !== 0) {
      await apt(['update']);
      last = await apt(aptArgs(names));
    }
    const still = missingHere(list).map(({ name }) => name);
    if (last.code === 0 && still.length === 0) return;
    process.stderr.write(`\n${last.output}`);
    throw new LaunchFailure(
      'LMP-954',
      last.code === 0
        ? `expected apt-get to bring ${still.join(', ')}, found what it should provide still missing`
        : `expected apt-get to install ${names.join(', ')}, found exit code ${last.code}`,
      `read what apt-get printed above, then: ${mendingCommand(names)}`,
    );
  });
};

/**
 * Installs what the virtual machines need, by name, where we may.
 * @throws {LaunchFailure} LMP-953 where we may not, LMP-954 where apt-get failed
 */
export const ensureDebianPackages = () => ensureList(machineList);

/**
 * Installs the browser that the tests open reports in, where we may.
 * @throws {LaunchFailure} LMP-953 where we may not, LMP-954 where apt-get failed
 */
export const ensureBrowser = () => ensureList(browserList);
