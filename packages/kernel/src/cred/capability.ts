// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';

/** Capabilities that the model's kernel code asks for; numbers of include/uapi/linux/capability.h. */
export const CAP_DAC_OVERRIDE = 1;
export const CAP_SYS_RAWIO = 17;
export const CAP_SYS_ADMIN = 21;

export type capability = typeof CAP_DAC_OVERRIDE | typeof CAP_SYS_RAWIO | typeof CAP_SYS_ADMIN;

/** What a task has unless its program says otherwise: everything, as root. */
export const CAP_FULL_SET: ReadonlySet<capability> = new Set([CAP_DAC_OVERRIDE, CAP_SYS_RAWIO, CAP_SYS_ADMIN]);

/** What an ordinary user's task has. */
export const CAP_EMPTY_SET: ReadonlySet<capability> = new Set();

/** Everything but these: `machine.spawn(name, body, { capabilities: withoutCapabilities(CAP_SYS_ADMIN) })`. */
export const withoutCapabilities = (...dropped: readonly capability[]): ReadonlySet<capability> =>
  new Set([...CAP_FULL_SET].filter((cap) => !dropped.includes(cap)));

/** Kernel: capable(). Of the running task, which alone can change its own: no access, so no step. */
export const capable = (cap: capability): boolean => (current().capabilities ?? CAP_FULL_SET).has(cap);
