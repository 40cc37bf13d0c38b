// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { errors } from '../errors.js';
import { CHECKPOINT_SCHEMA, type Checkpoint } from './checkpoint.js';

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const sumOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** The text of a checkpoint's file: a line that says what follows, and a line of JSON. */
export const checkpointText = (checkpoint: Checkpoint): string => {
  const body = JSON.stringify(checkpoint);
  const head = { schema: CHECKPOINT_SCHEMA, sizeBytes: Buffer.byteLength(body), sha256: sumOf(body) };
  return `${JSON.stringify(head)}\n${body}\n`;
};

const headOf = (line: string): Record<string, unknown> | undefined => {
  try {
    const head: unknown = JSON.parse(line);
    return typeof head === 'object' && head !== null ? { ...head } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * @throws LMP-343 not what was written; LMP-344 of another version
 */
export const parseCheckpoint = (text: string, file: string): Checkpoint => {
  const damaged = (message: string) =>
    errors.fail('LMP-343', { message, where: file, todo: 'explore from the start, and save again' });
  const end = text.indexOf('\n');
  const head = headOf(end < 0 ? text : text.slice(0, end));
  const schema = head?.['schema'];
  if (typeof schema !== 'string' || !schema.startsWith('mpath.checkpoint/')) {
    throw damaged(`expected a first line with schema ${CHECKPOINT_SCHEMA}, found none`);
  }
  if (schema !== CHECKPOINT_SCHEMA) {
    throw errors.fail('LMP-344', {
      message: `expected ${CHECKPOINT_SCHEMA}, found ${schema}`,
      where: file,
      todo: 'resume with the release that saved it, or explore from the start',
    });
  }
  const body = end < 0 ? '' : text.slice(end + 1).replace(/\n$/, '');
  const sizeBytes = Buffer.byteLength(body);
  if (sizeBytes !== head?.['sizeBytes']) {
    throw damaged(`expected ${String(head?.['sizeBytes'])} bytes after the first line, found ${String(sizeBytes)}`);
  }
  if (sumOf(body) !== head['sha256']) throw damaged('the text is not the one whose checksum stands in the first line');
  // The checksum says that it is what checkpointText() made of a Checkpoint of this version.
  return JSON.parse(body) as Checkpoint;
};

/**
 * Writes a checkpoint whole or not at all: what stood in the file stays until the new one is on disk.
 * @throws LMP-345
 */
export const writeCheckpoint = async (file: string, checkpoint: Checkpoint): Promise<void> => {
  const beside = `${file}.${String(process.pid)}.new`;
  try {
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(checkpointText(checkpoint));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw errors.fail('LMP-345', { message: `cannot write the checkpoint: ${reason(cause)}`, where: file, cause });
  }
};

/** @throws LMP-343, LMP-344, LMP-345 */
export const readCheckpoint = async (file: string): Promise<Checkpoint> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw errors.fail('LMP-345', { message: `cannot read the checkpoint: ${reason(cause)}`, where: file, cause });
  }
  return parseCheckpoint(text, file);
};
