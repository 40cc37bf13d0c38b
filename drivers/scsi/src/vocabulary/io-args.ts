// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';

const label = z.string().regex(/^[a-z][a-z0-9-]*$/, 'a label is lower case: a letter, then letters, digits, dashes');
const cpu = z.int().min(0).max(63);

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

/** `start-read: { as: r1, cpu: 0 }`; short form: the label. */
export const startReadArgs = z
  .union([label, z.strictObject({ as: label, cpu: cpu.optional() })])
  .transform((value): StartReadArgs =>
    typeof value === 'string' ? { as: value, cpu: 0 } : { as: value.as, cpu: value.cpu ?? 0 },
  );
export interface StartReadArgs {
  readonly as: string;
  readonly cpu: number;
}

/** `await-parked: r1`, `await-read: r1`. */
export const pendingReadArgs = label.transform((read): PendingReadArgs => ({ read }));
export interface PendingReadArgs {
  readonly read: string;
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

/** `await-progress: { load: writes, blocks: 100 }`; short form: the load. */
export const awaitProgressArgs = z
  .union([label, z.strictObject({ load: label, blocks: z.int().min(1).max(65_536).optional() })])
  .transform((value): AwaitProgressArgs =>
    typeof value === 'string' ? { load: value, blocks: 64 } : { load: value.load, blocks: value.blocks ?? 64 },
  );
export interface AwaitProgressArgs {
  readonly load: string;
  /** Requests of the guest's stream that must complete from now on. The model completes a few. */
  readonly blocks: number;
}

/** `stop-load: writes`. */
export const stopLoadArgs = label.transform((load): StopLoadArgs => ({ load }));
export interface StopLoadArgs {
  readonly load: string;
}
