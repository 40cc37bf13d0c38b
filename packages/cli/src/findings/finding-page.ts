// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import type { AnyDriver } from '@libmultipath/contract';
import { coreFindings } from '@libmultipath/core';
import { printableLines } from '@libmultipath/report';
import { errors } from '../errors.js';
import { didYouMean } from '../selection.js';

const PAGE = /^([A-Z]+-[0-9a-f]{6})\.md$/;

/** The pages of a folder of known findings, by id; none where there is no such folder. */
const pagesIn = async (folder: URL): Promise<[id: string, page: URL][]> => {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  return names.flatMap((name): [string, URL][] => {
    const id = PAGE.exec(name)?.[1];
    return id === undefined ? [] : [[id, new URL(name, folder)]];
  });
};

/**
 * What is written of a known finding: the page of the first driver that lists it, else the library's.
 * @throws LMP-906 nobody lists it
 */
export const findingPage = async (id: string, drivers: readonly AnyDriver[]): Promise<string> => {
  const folders = [...drivers.flatMap(({ findings }) => (findings === undefined ? [] : [findings])), coreFindings];
  const pages = (await Promise.all(folders.map(pagesIn))).flat();
  const page = pages.find(([known]) => known === id)?.[1];
  if (page !== undefined) return `${printableLines((await readFile(page, 'utf8')).trimEnd()).join('\n')}\n`;
  throw errors.fail('LMP-906', {
    message: `no driver here lists a finding ${id}`,
    where: 'explain',
    todo: didYouMean(id, [...new Set(pages.map(([known]) => known))]),
  });
};
