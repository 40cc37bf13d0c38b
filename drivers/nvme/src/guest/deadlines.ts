// SPDX-License-Identifier: GPL-2.0-only

/*
 * How long the guest may take before a wait counts as failed. They bound a run, they never
 * decide what it shows, so they are wide: an emulated processor on a busy machine is slow.
 */

/** Probe, scan and first use of a controller. */
export const ATTACH_MS = 60_000;
/** Orderly removal of a controller, or of the head. */
export const DETACH_MS = 60_000;
/** One transfer that nothing holds back. */
export const TRANSFER_MS = 60_000;
/** A transfer or a removal that waits for a timer of the scenario's own. */
export const WINDOW_MS = 180_000;
/** An answer that is a large text: the kernel's symbols, a trace. */
export const LARGE_READ_MS = 60_000;
/** Between two looks at the trace buffer, which announces no change. */
export const TRACE_POLL_MS = 5;
