// SPDX-License-Identifier: GPL-2.0-only
import { cpu, label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/*
 * Arguments of the words, as both worlds receive them. A scenario file may use the short
 * form (a scalar); the schema turns it into the full one, so implementations see one shape.
 */

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

/** `read: { as: r1, cpu: 0, count: 4 }`; short form: the label. */
export const readArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      cpu: cpu.optional(),
      count: z.int().min(1).max(64).optional(),
      through: label.optional(),
      of: label.optional(),
      nsid: z.int().min(1).max(256).optional(),
    }),
  ])
  .transform((value): ReadArgs =>
    typeof value === 'string'
      ? { as: value, cpu: 0, count: 1, through: undefined, of: undefined, nsid: undefined }
      : {
          ...{ as: value.as, cpu: value.cpu ?? 0, count: value.count ?? 1, through: value.through },
          ...{ of: value.of, nsid: value.nsid },
        },
  );
export interface ReadArgs {
  readonly as: string;
  /** CPU the reader is pinned to. */
  readonly cpu: number;
  /** Reads of 4 KiB, block i at offset i × 4 KiB, each started when the one before has ended. */
  readonly count: number;
  /** Label of a `hold`: through its descriptor. Absent: through a new open of the head. */
  readonly through: string | undefined;
  /** A controller of the subsystem whose head it is; absent: of the first. */
  readonly of?: string | undefined;
  /** The namespace whose head it is; absent: the first of the subsystem. */
  readonly nsid?: number | undefined;
}

/** `start-read: r1`, `start-read: { as: r1, nsid: 2 }`. */
export const startReadArgs = z
  .union([
    label,
    z.strictObject({
      as: label,
      cpu: cpu.optional(),
      of: label.optional(),
      nsid: z.int().min(1).max(256).optional(),
    }),
  ])
  .transform((value): StartReadArgs =>
    typeof value === 'string'
      ? { as: value, cpu: 0, of: undefined, nsid: undefined }
      : { as: value.as, cpu: value.cpu ?? 0, of: value.of, nsid: value.nsid },
  );
export type StartReadArgs = Omit<ReadArgs, 'count' | 'through'>;

/** `load: { as: writes, kind: write-verify, depth: 4, blocks: 256 }`. */
export const loadArgs = z
  .strictObject({
    as: label,
    kind: z.literal('write-verify').optional(),
    depth: z.int().min(1).max(32).optional(),
    blocks: z.int().min(1).max(65_536).optional(),
    cpu: cpu.optional(),
    of: label.optional(),
  })
  .transform((value): LoadArgs => ({
    as: value.as,
    kind: value.kind ?? 'write-verify',
    depth: value.depth ?? 1,
    blocks: value.blocks ?? 1_024,
    cpu: value.cpu ?? 0,
    of: value.of,
  }));
export interface LoadArgs {
  readonly as: string;
  readonly kind: 'write-verify';
  /** Requests in flight. */
  readonly depth: number;
  /** Distinct blocks of 4 KiB that it writes, round and round until stopped. The guest's length; the model runs a few. */
  readonly blocks: number;
  readonly cpu: number;
  /** A controller of the subsystem whose head it is; absent: of the first. */
  readonly of?: string | undefined;
}

/** `head`, `links`: of the first subsystem's head; `head: { of: c2 }`: of that of a controller's subsystem. */
export const headOfArgs = z
  .strictObject({ of: label.optional() })
  .nullish()
  .transform((value): HeadOfArgs => ({ of: value?.of }));
export interface HeadOfArgs {
  /** A controller of the subsystem; absent: of the first. */
  readonly of?: string | undefined;
}
