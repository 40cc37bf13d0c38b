// SPDX-License-Identifier: GPL-2.0-only
import type { Row } from './messages.js';
import type { Source } from './sources.js';
import type { Owner, Site } from './site.js';

/** What the search of one row reaches. */
export interface Reached {
  readonly row: Row;
  readonly probes: ReadonlySet<number>;
}

/** The rows that execute a site; those that execute no site know nothing of it. */
export const rowsBySite = (sources: readonly Source[], reached: readonly Reached[]): Map<Site, readonly Row[]> => {
  const owners = sources.flatMap((source) => source.owners);
  const spoken = reached.map(({ row, probes }) => ({ row, probes, names: namesSpoken(owners, probes) }));
  const found = new Map<Site, readonly Row[]>();
  for (const site of sources.flatMap((source) => source.sites)) {
    // A constant outside functions is evaluated before any scenario: a row knows of it when it executes code that names it.
    const declared = site.owner.split('.')[0] ?? '';
    const rows = spoken
      .filter(({ row }) => isOf(site, row))
      .filter(({ probes, names }) => (site.isStatic ? names.has(declared) : probes.has(site.id)))
      .map(({ row }) => row);
    if (rows.length > 0) found.set(site, rows);
  }
  return found;
};

const isOf = ({ file }: Site, { driver }: Row): boolean =>
  !file.startsWith('drivers/') || file.startsWith(`drivers/${driver}/`);

/** Names in the functions that ran, and in the declarations outside functions that these names lead to. */
const namesSpoken = (owners: readonly Owner[], probes: ReadonlySet<number>): ReadonlySet<string> => {
  const names = new Set<string>();
  const add = ({ speaksOf }: Owner): void => {
    for (const name of speaksOf) names.add(name);
  };
  owners.filter(({ id }) => probes.has(id)).forEach(add);
  const waiting = new Set(owners.filter(({ body }) => body === undefined));
  for (let grew = true; grew;) {
    grew = false;
    for (const owner of waiting) {
      if (!names.has(owner.name)) continue;
      waiting.delete(owner);
      add(owner);
      grew = true;
    }
  }
  return names;
};
