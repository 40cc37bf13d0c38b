// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';

/*
 * Arguments of the words, as both worlds receive them. A scenario file may use the short
 * form (a scalar); the schema turns it into the full one, so implementations see one shape.
 */

/** A label: of a controller, or one that a step gives to what it starts. */
export const label = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a label is lower case: a letter, then letters, digits, dashes');

const cpu = z.int().min(0).max(63);
const seconds = z.int().min(0).max(3_600);

/** Words without arguments: `observe: head`, `await-removal`. */
export const noArgs = z
  .strictObject({})
  .nullish()
  .transform((): NoArgs => ({}));
export type NoArgs = Readonly<Record<string, never>>;

/** One label is meant: `paths-of: r1`. Implementations get the text. */
export const oneLabel = label;

/** `attach: c0`, `attach: [c0, c1]`. Several: at the same time. */
export const attachArgs = z
  .union([label, z.array(label).min(1).max(8)])
  .transform((value): AttachArgs => ({ controllers: typeof value === 'string' ? [value] : value }));
export interface AttachArgs {
  readonly controllers: readonly string[];
}

/** `detach: c0`. */
export const detachArgs = label.transform((controller): DetachArgs => ({ controller }));
export interface DetachArgs {
  readonly controller: string;
}

/** `set-iopolicy: round-robin`. */
export const setIopolicyArgs = z
  .string()
  .min(1)
  .transform((policy): SetIopolicyArgs => ({ policy }));
export interface SetIopolicyArgs {
  readonly policy: string;
}

/** `try-iopolicy: { policy: queue-depth, as: t }`; short form: the policy, which is then also the label. */
export const tryIopolicyArgs = z
  .union([z.string().min(1), z.strictObject({ policy: z.string().min(1), as: label.optional() })])
  .transform((value): TryIopolicyArgs => {
    const policy = typeof value === 'string' ? value : value.policy;
    return { policy, as: (typeof value === 'string' ? undefined : value.as) ?? policy };
  });
export interface TryIopolicyArgs {
  readonly policy: string;
  /** Label for `result-of`. */
  readonly as: string;
}

/** `set-delayed-removal: 4`. */
export const setDelayedRemovalArgs = seconds.transform((value): SetDelayedRemovalArgs => ({ seconds: value }));
export interface SetDelayedRemovalArgs {
  readonly seconds: number;
}

/** `read: { as: r1, cpu: 0, count: 4 }`; short form: the label. */
export const readArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      cpu: cpu.optional(),
      count: z.int().min(1).max(64).optional(),
      through: label.optional(),
    }),
  ])
  .transform((value): ReadArgs =>
    typeof value === 'string'
      ? { as: value, cpu: 0, count: 1, through: undefined }
      : { as: value.as, cpu: value.cpu ?? 0, count: value.count ?? 1, through: value.through },
  );
export interface ReadArgs {
  readonly as: string;
  /** CPU the reader is pinned to. */
  readonly cpu: number;
  /** Reads of 4 KiB, block i at offset i × 4 KiB, each started when the one before has ended. */
  readonly count: number;
  /** Label of a `hold`: through its descriptor. Absent: through a new open of the head. */
  readonly through: string | undefined;
}

/** `start-read: { as: r1, cpu: 0 }`; short form: the label. One read of the first 4 KiB. */
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

/** `load: { as: writes, kind: write-verify, depth: 4, blocks: 256 }`. */
export const loadArgs = z
  .strictObject({
    as: label,
    kind: z.literal('write-verify').optional(),
    depth: z.int().min(1).max(32).optional(),
    blocks: z.int().min(1).max(65_536).optional(),
    cpu: cpu.optional(),
  })
  .transform((value): LoadArgs => ({
    as: value.as,
    kind: value.kind ?? 'write-verify',
    depth: value.depth ?? 1,
    blocks: value.blocks ?? 1_024,
    cpu: value.cpu ?? 0,
  }));
export interface LoadArgs {
  readonly as: string;
  readonly kind: 'write-verify';
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
  /** Requests of the guest's stream that must complete from now on. The model completes one. */
  readonly blocks: number;
}

/** `stop-load: writes`. */
export const stopLoadArgs = label.transform((load): StopLoadArgs => ({ load }));
export interface StopLoadArgs {
  readonly load: string;
}

/** `hold: h` or `hold: { as: h }`. */
export const holdArgs = z
  .union([label, z.strictObject({ as: label })])
  .transform((value): HoldArgs => ({ as: typeof value === 'string' ? value : value.as }));
export interface HoldArgs {
  readonly as: string;
}

/** `release: h`. */
export const releaseArgs = label.transform((hold): ReleaseArgs => ({ hold }));
export interface ReleaseArgs {
  readonly hold: string;
}
