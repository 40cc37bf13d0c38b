// SPDX-License-Identifier: GPL-2.0-only
import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CheckDocument, DiffDocument, VerifyDocument } from '@libmultipath/contract';
import { formatDocument } from '@libmultipath/report';
import type { CliContext } from './context.js';
import { errors } from './errors.js';

/**
 * Writes the document where `--json` says.
 * @param target a path, `-` for standard output, or undefined
 * @throws LMP-907
 */
export const writeDocument = async (
  context: CliContext,
  document: VerifyDocument | DiffDocument | CheckDocument,
  target: string | undefined,
): Promise<void> => {
  if (target === undefined) return;
  const text = formatDocument(document);
  if (target === '-') {
    context.process.stdout.write(text);
    return;
  }
  const path = resolve(context.cwd, target);
  await writeFile(path, text).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
};

/**
 * Before a long run: whether its document can be written at all. Makes nothing.
 * @throws LMP-907
 */
export const checkDocumentTarget = async (context: CliContext, target: string | undefined): Promise<void> => {
  if (target === undefined || target === '-') return;
  const path = resolve(context.cwd, target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw unwritable(path, new Error('it is a folder'));
  await access(found === undefined ? dirname(path) : path, constants.W_OK).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
};

const unwritable = (where: string, cause: unknown) =>
  errors.fail('LMP-907', {
    message: `expected a file that can be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    where,
    todo: 'give --json a path in a folder that can be written, or -',
    cause,
  });
