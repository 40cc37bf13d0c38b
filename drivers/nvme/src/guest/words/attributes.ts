// SPDX-License-Identifier: GPL-2.0-only
import { type Json, namesIn, type NoArgs } from '@libmultipath/driver-kit';
import { ATTRIBUTE_NAMES, DIAG } from '../attribute-names.js';
import { findHead, findPaths } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

const PERMISSIONS = 0o7777;

const attributesOf = async (world: NvmeGuestWorld, dir: string): Promise<Json> => {
  const own = (await namesIn(world.port, dir)).filter((name) => ATTRIBUTE_NAMES.includes(name));
  const diag = own.includes(DIAG) ? (await namesIn(world.port, `${dir}/${DIAG}`)).map((name) => `${DIAG}/${name}`) : [];
  const entries = await Promise.all(
    [...own, ...diag].map(async (name) => {
      const { kind, mode } = await world.port.call('file.stat', { path: `${dir}/${name}` });
      return [name, kind === 'dir' ? 'dir' : (mode & PERMISSIONS).toString(8).padStart(4, '0')] as const;
    }),
  );
  return Object.fromEntries(entries);
};

/** Name → mode of the attributes of the head and of the first path; null where there is none. */
export const guestAttributes = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const head = await findHead(world);
  const [path] = await findPaths(world);
  return {
    head: head === undefined ? null : await attributesOf(world, head.dir),
    path: path === undefined ? null : await attributesOf(world, path.dir),
  };
};
