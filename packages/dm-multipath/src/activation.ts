// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';

/**
 * How the activation of a path ended, as a hardware handler tells dm: done; to be tried again; the device is
 * busy (its group is bypassed); no handler is there; anything else.
 * Kernel: SCSI_DH_OK, SCSI_DH_RETRY and its like, SCSI_DH_DEV_TEMP_BUSY, SCSI_DH_NOSYS, the rest.
 */
export type Activation = 'ok' | 'retry' | 'busy' | 'nosys' | 'failed';

/** Called once, when the activation has ended; may be before {@link Activate} returns. */
export type ActivationDone = (how: Activation) => Steps<void>;

/** Asks a path's hardware handler to make it usable. Context: may sleep. */
export type Activate = (done: ActivationDone) => Steps<void>;
