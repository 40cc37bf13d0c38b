// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import type { CheckDocument, DiffDocument, VerifyDocument } from '@libmultipath/contract';
import { formatDocument } from '@libmultipath/report';
import type { CliContext } from './context.js';
import { checkWritable, writeWhole } from './reports/write-whole.js';

const FLAG = '--json';

/**
 * Writes the document where `--json` says, whole or not at all.
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
  if (target === '-') context.process.stdout.write(text);
  else await writeWhole(FLAG, resolve(context.cwd, target), text);
};

/**
 * Before a long run: whether its document can be written at all. Makes nothing.
 * @throws LMP-907
 */
export const checkDocumentTarget = ({ cwd }: CliContext, target: string | undefined): Promise<void> =>
  checkWritable(FLAG, cwd, target === '-' ? undefined : target);
