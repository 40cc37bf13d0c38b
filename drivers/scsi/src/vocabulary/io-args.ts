// SPDX-License-Identifier: GPL-2.0-only
import { cpu, label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/** `read: { as: r1, cpu: 0, count: 4 }`; short form: the label. */
export const readArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      cpu: cpu.optional(),
      count: z.int().min(1).max(64).optional(),
      through: label.optional(),
      on: label.optional(),
      blocks: z.int().min(1).max(64).optional(),
    }),
  ])
  .transform((value): ReadArgs => {
    const full = typeof value === 'string' ? { as: value } : value;
    return {
      as: full.as,
      cpu: full.cpu ?? 0,
      count: full.count ?? 1,
      through: full.through,
      on: full.on,
      blocks: full.blocks ?? 1,
    };
  });
export interface ReadArgs {
  readonly as: string;
  /** CPU the reader is pinned to. */
  readonly cpu: number;
  /** Transfers, each started when the one before has ended. */
  readonly count: number;
  /** Label of a `hold`: through its descriptor. Absent: through a new open. */
  readonly through: string | undefined;
  /** Label of a path: its own disk, not the head. */
  readonly on: string | undefined;
  /** Blocks of 4 KiB of one transfer. */
  readonly blocks: number;
}

/** `load: { as: writes, depth: 4, blocks: 256 }`; short form: the label. */
export const loadArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      depth: z.int().min(1).max(32).optional(),
      blocks: z.int().min(1).max(65_536).optional(),
      cpu: cpu.optional(),
    }),
  ])
  .transform((value): LoadArgs => {
    const full = typeof value === 'string' ? { as: value } : value;
    return { as: full.as, depth: full.depth ?? 1, blocks: full.blocks ?? 1_024, cpu: full.cpu ?? 0 };
  });
export interface LoadArgs {
  readonly as: string;
  /** Requests in flight. */
  readonly depth: number;
  /** Distinct blocks of 4 KiB that it writes, round and round until stopped. The guest's length; the model runs a few. */
  readonly blocks: number;
  readonly cpu: number;
}
