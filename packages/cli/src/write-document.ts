// SPDX-License-Identifier: GPL-2.0-only
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DiffDocument, VerifyDocument } from '@libmultipath/contract';
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
  document: VerifyDocument | DiffDocument,
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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.fail('LMP-907', { message: `expected a file that can be written: ${reason}`, where: path, cause });
  });
};
