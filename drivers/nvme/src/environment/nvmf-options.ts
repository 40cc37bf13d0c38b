// SPDX-License-Identifier: GPL-2.0-only

/** What a fabrics connection is made with, in seconds; -1: without a limit. Kernel: struct nvmf_ctrl_options. */
export interface NvmfOptions {
  /** For how long connecting is tried again. */
  readonly ctrlLossTmoSecs: number;
  readonly reconnectDelaySecs: number;
  /** After how long of connecting its I/O no longer waits. */
  readonly fastIoFailTmoSecs: number;
}

/** As the kernel has them unless told: 600 s, 10 s, off. */
export const nvmfDefaults: NvmfOptions = { ctrlLossTmoSecs: 600, reconnectDelaySecs: 10, fastIoFailTmoSecs: -1 };

/** Kernel: the computation of `max_reconnects`: attempts, rounded up; -1: no limit. Pure. */
export const maxReconnects = (ctrlLossTmoSecs: number, reconnectDelaySecs: number): number =>
  ctrlLossTmoSecs < 0 ? -1 : Math.ceil(ctrlLossTmoSecs / reconnectDelaySecs);
