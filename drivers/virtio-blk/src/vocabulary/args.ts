// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/*
 * Arguments of the words, as both worlds receive them. A scenario file may use the short form (a scalar);
 * the schema turns it into the full one, so implementations see one shape.
 */

export const seconds = z.int().min(0).max(3_600);

export const policy = z.enum(['numa', 'round-robin']);
export type Policy = z.infer<typeof policy>;

/** `read: { as: r1, block: 5000, count: 2 }`; short form: the label. */
export const readArgs = z
  .union([
    label,
    z.strictObject({ as: label, block: z.int().min(0).optional(), count: z.int().min(1).max(64).optional() }),
  ])
  .transform((value): ReadArgs =>
    typeof value === 'string'
      ? { as: value, block: undefined, count: 1 }
      : { as: value.as, block: value.block, count: value.count ?? 1 },
  );
export interface ReadArgs {
  readonly as: string;
  /** Block of 4 KiB that it begins with; absent: one that no other read has. */
  readonly block: number | undefined;
  /** So many reads, two blocks apart, each when the one before has ended. */
  readonly count: number;
}

/** `load: { as: writes, depth: 8, blocks: 1024 }`; short form: the label. */
export const loadArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      depth: z.int().min(1).max(32).optional(),
      blocks: z.int().min(1).max(4_096).optional(),
    }),
  ])
  .transform((value): LoadArgs =>
    typeof value === 'string'
      ? { as: value, depth: 4, blocks: 512 }
      : { as: value.as, depth: value.depth ?? 4, blocks: value.blocks ?? 512 },
  );
export interface LoadArgs {
  readonly as: string;
  /** Requests in flight, in the guest; the model has one. */
  readonly depth: number;
  /** Distinct blocks of 4 KiB that it writes, round and round; the model writes a few. */
  readonly blocks: number;
}
