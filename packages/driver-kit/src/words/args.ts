// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';

/*
 * Arguments of the words that block drivers have in common, as both worlds receive them. A scenario file may
 * use the short form (a scalar); the schema turns it into the full one, so implementations see one shape.
 */

/** A label: of something that the topology declares, or one that a step gives to what it starts. */
export const label = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'a label is lower case: a letter, then letters, digits, dashes');

export const cpu = z.int().min(0).max(63);
const seconds = z.int().min(0).max(3_600);

/** Words without arguments: `observe: head`, `await-removal`. */
export const noArgs = z
  .strictObject({})
  .nullish()
  .transform((): NoArgs => ({}));
export type NoArgs = Readonly<Record<string, never>>;

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
