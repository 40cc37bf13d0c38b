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
