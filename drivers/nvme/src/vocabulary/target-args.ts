// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/** States of an ANA group by the names that sysfs and the target have for them. */
export const anaStates = ['optimized', 'non-optimized', 'inaccessible', 'persistent-loss', 'change'] as const;
export type AnaState = (typeof anaStates)[number];

/** `set-ana: { controller: c0, state: inaccessible }`; group 1 unless said. */
export const setAnaArgs = z
  .strictObject({ controller: label, state: z.enum(anaStates), group: z.int().min(1).max(128).optional() })
  .transform(({ controller, state, group }): SetAnaArgs => ({ controller, state, group: group ?? 1 }));
export interface SetAnaArgs {
  readonly controller: string;
  readonly state: AnaState;
  readonly group: number;
}

/** `disable-namespace: 1`. */
export const namespaceArgs = z
  .int()
  .min(1)
  .max(256)
  .transform((nsid): NamespaceArgs => ({ nsid }));
export interface NamespaceArgs {
  readonly nsid: number;
}

/** `reset: c0`. */
export const resetArgs = label.transform((controller): ResetArgs => ({ controller }));
export interface ResetArgs {
  readonly controller: string;
}

/** What a disk does with what it is given. */
export const backendStates = ['serving', 'failing', 'blocked'] as const;
export type BackendState = (typeof backendStates)[number];

/** `set-backend: { nsid: 1, state: failing }`. */
export const setBackendArgs = z.strictObject({ nsid: z.int().min(1).max(256), state: z.enum(backendStates) });
export type SetBackendArgs = Readonly<z.infer<typeof setBackendArgs>>;

/** `resize-namespace: { nsid: 1, sizeMiB: 96 }`. */
export const resizeArgs = z.strictObject({ nsid: z.int().min(1).max(256), sizeMiB: z.int().min(1).max(8_192) });
export type ResizeArgs = Readonly<z.infer<typeof resizeArgs>>;
