// SPDX-License-Identifier: GPL-2.0-only
import { bio, KObject } from '@libmultipath/driver-kit';

export const SECTORS_PER_MIB = 2_048;
export const SECTORS_PER_BLOCK = 8;
export const BLOCK_BYTES = 4_096;

/** What is stored, by block of 4 KiB: one file, which every disk of the topology shows. */
export class Media extends KObject {
  readonly blocks = new Map<number, string>();
}

/** The memory of one block. Clones share it with their original. */
export class DataPage extends KObject {
  text = '';
}

/** A bio of one block with content, as a scenario submits it. */
export const blockBio = (fields: ConstructorParameters<typeof bio>[0], data = ''): bio => {
  const page = new DataPage();
  page.text = data;
  return new bio({ bi_size: BLOCK_BYTES, ...fields, bi_io_vec: page });
};

/** What a write carries, and what a read brought. */
export const dataOf = ({ bi_io_vec }: bio): string => (bi_io_vec instanceof DataPage ? bi_io_vec.text : '');
