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
/** A transfer that is tried again for a while, or waits for a timer of the scenario's own. */
export const WINDOW_MS = 180_000;
/** The trace as one text. */
export const TRACE_MS = 60_000;
/** Between two looks at what announces no change. */
export const POLL_MS = 5;
/** A device handler finds out how its group is. */
export const HANDLER_MS = 60_000;
