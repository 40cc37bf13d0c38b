// SPDX-License-Identifier: GPL-2.0-only
// @ts-check

const least = { major: 20, minor: 19 };

/**
 * @param {string} version as in `process.versions.node`
 * @returns {{ major: number, minor: number } | undefined} undefined for what is no version
 */
export const parseVersion = (version) => {
  const match = /^v?(\d+)\.(\d+)\./.exec(version);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
};

/**
 * @param {string} version
 * @returns {string | undefined} what to tell the user; undefined where this Node will do
 */
export const tooOld = (version) => {
  const found = parseVersion(version);
  const enough =
    found !== undefined && (found.major > least.major || (found.major === least.major && found.minor >= least.minor));
  if (enough) return undefined;
  return (
    'LMP-950: expected Node ' +
    least.major +
    '.' +
    least.minor +
    ' or newer, found ' +
    version +
    '\n' +
    '  → install a newer Node and run the same command again'
  );
};
