// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';

/** `unload-transport: { as: refused }`. */
export const unloadArgs = z.strictObject({ as: label });
export type UnloadArgs = Readonly<z.infer<typeof unloadArgs>>;

/** `hold-controller: { controller: c0, as: h }`. */
export const holdControllerArgs = z.strictObject({ controller: label, as: label });
export type HoldControllerArgs = Readonly<z.infer<typeof holdControllerArgs>>;
