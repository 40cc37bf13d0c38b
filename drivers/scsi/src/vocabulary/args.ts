// SPDX-License-Identifier: GPL-2.0-only
import { holdArgs, label } from '@libmultipath/driver-kit';
import { z } from 'zod';
import { accessStates, reservationTypes, type AccessStateName, type ReservationType } from './names.js';

/*
 * Arguments of the words, as both worlds receive them. A scenario file may use the short
 * form (a scalar); the schema turns it into the full one, so implementations see one shape.
 */

const byte = z.int().min(0).max(255);

/** `attach: a`, `detach: [a, b]`. Several: at the same time. */
export const pathsArgs = z
  .union([label, z.array(label).min(1).max(8)])
  .transform((value): PathsArgs => ({ paths: typeof value === 'string' ? [value] : value }));
export interface PathsArgs {
  readonly paths: readonly string[];
}

/** `unload-sd: { as: u }`; short form: the label. */
export const unloadArgs = z
  .union([label, z.strictObject({ as: label })])
  .transform((value): UnloadArgs => (typeof value === 'string' ? { as: value } : value));
export interface UnloadArgs {
  /** What keeps the result. */
  readonly as: string;
}

/** `rescan: a`, `block: a`. */
export const pathArgs = label.transform((path): PathArgs => ({ path }));
export interface PathArgs {
  readonly path: string;
}

/** `remove-host: a`. */
export const hostArgs = label.transform((host): HostArgs => ({ host }));
export interface HostArgs {
  readonly host: string;
}

/** `set-state: { path: a, state: offline }`. */
export const setStateArgs = z.strictObject({ path: label, state: z.string().min(1), as: label.optional() });
export type SetStateArgs = z.infer<typeof setStateArgs>;

/** `unblock: { path: a, to: transport-offline }`; short form: the path, which then runs. */
export const unblockArgs = z
  .union([label, z.strictObject({ path: label, to: z.enum(['running', 'transport-offline']).optional() })])
  .transform((value): UnblockArgs =>
    typeof value === 'string' ? { path: value, to: 'running' } : { path: value.path, to: value.to ?? 'running' },
  );
export interface UnblockArgs {
  readonly path: string;
  readonly to: 'running' | 'transport-offline';
}

/** A completion: host byte, status byte, sense key with asc and ascq. */
const completion = z.strictObject({
  host: byte.optional(),
  status: byte.optional(),
  sense: z.tuple([byte, byte, byte]).optional(),
});

/** `set-transport: { path: a, host: 14 }`; short form: the path, whose transport is as it should be again. */
export const setTransportArgs = z
  .union([label, z.strictObject({ path: label, host: byte.min(1) })])
  .transform((value): SetTransportArgs =>
    typeof value === 'string' ? { path: value, host: undefined } : { path: value.path, host: value.host },
  );
export interface SetTransportArgs {
  readonly path: string;
  /** Host byte of every command; absent: the device answers. */
  readonly host: number | undefined;
}

/** `inject: { path: a, completion: { sense: [5, 37, 0] }, count: 1 }`, or `no-answer` as completion. */
export const injectArgs = z.strictObject({
  path: label,
  completion: z.union([completion, z.literal('no-answer')]),
  count: z.int().min(1).max(64).optional(),
});
export type InjectArgs = z.infer<typeof injectArgs>;

/** `unit-attention: { path: a, code: [41, 0] }`: asc and ascq. */
export const unitAttentionArgs = z.strictObject({ path: label, code: z.tuple([byte, byte]) });
export type UnitAttentionArgs = z.infer<typeof unitAttentionArgs>;

/** `change-group: { group: g, state: standby, preferred: false }`. */
export const changeGroupArgs = z
  .strictObject({
    group: label,
    state: z.enum(accessStates).optional(),
    preferred: z.boolean().optional(),
    told: z.boolean().optional(),
  })
  .transform((value): ChangeGroupArgs => ({
    group: value.group,
    state: value.state,
    preferred: value.preferred,
    told: value.told ?? true,
  }));
export interface ChangeGroupArgs {
  readonly group: string;
  readonly state: AccessStateName | undefined;
  readonly preferred: boolean | undefined;
  /** Does each path of the group get a unit attention? */
  readonly told: boolean;
}

/** `await-access-state: { path: a, is: standby, preferred: false }`. */
export const awaitAccessStateArgs = z.strictObject({
  path: label,
  is: z.enum(accessStates),
  preferred: z.boolean().optional(),
});
export type AwaitAccessStateArgs = z.infer<typeof awaitAccessStateArgs>;

/** `resize: { unit: u, sizeMiB: 64 }`. */
export const resizeArgs = z.strictObject({ unit: label, sizeMiB: z.int().min(1).max(4_096) });
export type ResizeArgs = z.infer<typeof resizeArgs>;

/** Whose attribute: the device’s, or that of the class devices scsi_disk and scsi_host that belong to it. */
const owner = z.enum(['device', 'scsi_disk', 'scsi_host']);
export type Owner = z.infer<typeof owner>;

/** `attribute: { of: a, name: state }`; `of: head` is the multipath device. */
export const attributeArgs = z.strictObject({
  of: label,
  name: z.string().regex(/^[A-Za-z0-9_/]+$/),
  owner: owner.optional(),
});
export type AttributeArgs = z.infer<typeof attributeArgs>;

const reservationNames = Object.keys(reservationTypes) as [ReservationType, ...ReservationType[]]; // Its own keys.

/** `reserve: { as: r, on: a }`; short form: the label. Without `on`: through the head. */
export const reserveArgs = z
  .union([label, z.strictObject({ as: label, on: label.optional(), type: z.enum(reservationNames).optional() })])
  .transform((value): ReserveArgs => {
    const { as, on, type }: { as: string; on?: string | undefined; type?: ReservationType | undefined } =
      typeof value === 'string' ? { as: value } : value;
    return { as, on, type: type ?? 'write-exclusive' };
  });
export interface ReserveArgs {
  readonly as: string;
  readonly on: string | undefined;
  readonly type: ReservationType;
}

/** `write-attribute: { of: a, name: queue_depth, value: '4', as: w }`. */
export const writeAttributeArgs = z.strictObject({
  of: label,
  name: z.string().regex(/^[a-z0-9_]+$/),
  value: z.string().max(64),
  as: label,
  owner: owner.optional(),
});
export type WriteAttributeArgs = z.infer<typeof writeAttributeArgs>;

/** `ioctl: r` or `ioctl: { as: r }`. */
export const ioctlArgs = holdArgs;
