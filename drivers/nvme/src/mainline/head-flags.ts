// SPDX-License-Identifier: GPL-2.0-only

/** Bits of `nvme_ns_head.flags`. */
export const NVME_NSHEAD_DISK_LIVE = 0;
export const NVME_NSHEAD_QUEUE_IF_NO_PATH = 1;
export const NVME_NSHEAD_CDEV_LIVE = 2;
