// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { readFile } from 'node:fs/promises';

/*
 * Module hooks of the processes that run mutants: in place of some modules they load the JavaScript
 * that was made for them. Everything else, and every address, stays what it is.
 */

/** @type {ReadonlyMap<string, string>} address of a module → path of the file that stands in for it */
let replaced = new Map();

/** @param {{ replaced: readonly (readonly [string, string])[] }} data */
export const initialize = (data) => {
  replaced = new Map(data.replaced);
};

/**
 * A source file asks for `./x.js` where only `x.ts` is there.
 * @type {import('node:module').ResolveHook}
 */
export const resolve = (specifier, context, next) => {
  if (specifier.startsWith('.') && context.parentURL !== undefined) {
    const { href } = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (replaced.has(href)) return { url: href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
};

/** @type {import('node:module').LoadHook} */
export const load = async (url, context, next) => {
  const file = replaced.get(url);
  if (file === undefined) return next(url, context);
  return { format: 'module', source: await readFile(file, 'utf8'), shortCircuit: true };
};
