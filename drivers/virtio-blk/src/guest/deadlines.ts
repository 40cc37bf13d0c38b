// SPDX-License-Identifier: GPL-2.0-only

/*
 * How long the guest may take before a wait counts as failed. They bound a run, they never decide what it
 * shows, so they are wide: an emulated processor on a busy machine is slow.
 */

/** A disk is found, or gone. */
export const DISK_MS = 60_000;
/** One transfer that nothing holds back; one ioctl of the device mapper, which may wait for such. */
export const TRANSFER_MS = 60_000;
/** A transfer that waits for a timer of the scenario's own. */
export const WINDOW_MS = 180_000;
/** The trace as one text. */
export const TRACE_MS = 60_000;
/** Between two looks at what announces no change. */
export const POLL_MS = 5;
