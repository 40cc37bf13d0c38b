// SPDX-License-Identifier: GPL-2.0-only

/*
 * How long the guest may take before a wait counts as failed. They bound a run, they never
 * decide what it shows, so they are wide: an emulated processor on a busy machine is slow.
 */

/** Scan and first use of a device. */
export const ATTACH_MS = 60_000;
/** Removal of a device. */
export const DETACH_MS = 60_000;
/** One transfer. */
export const TRANSFER_MS = 60_000;
