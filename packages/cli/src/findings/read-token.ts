// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errors } from '../errors.js';

/** A token in a longer text; a mail may have broken it into lines. */
const TOKEN = /mpath\d+\.[\w\s-]+\.(?:\s*[0-9a-f]){8}/;

const isToken = (argument: string): boolean => /^\s*mpath\d+\./.test(argument);

/**
 * The token itself, or the first one in the file of that name.
 * @throws LMP-912 there is none
 */
export const readToken = async (argument: string, cwd: string): Promise<string> => {
  if (isToken(argument)) return argument;
  let content: string;
  try {
    content = await readFile(resolve(cwd, argument), 'utf8');
  } catch (cause) {
    throw errors.fail('LMP-912', {
      message: `expected a replay token or a file, found neither: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: argument,
      todo: 'copy the token whole: it begins with mpath1.',
      cause,
    });
  }
  const [token] = TOKEN.exec(content) ?? [];
  if (token !== undefined) return token;
  throw errors.fail('LMP-912', {
    message: 'expected a replay token in the file, found none',
    where: argument,
    todo: 'a token begins with mpath1.',
  });
};
