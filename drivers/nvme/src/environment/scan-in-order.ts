// SPDX-License-Identifier: GPL-2.0-only
import { NVME_STATUS_DNR } from './constants.js';

/**
 * Part of a kernel: the active list could not be read; is every id up to the highest asked for instead?
 * @param result of the command: -errno, or a positive status
 */
export type FallsBack = (result: number) => boolean;

/** Whatever went wrong. Part of nvme_scan_work(), 6.1. Pure. */
export const falls_back_always_6_1: FallsBack = (result) => result !== 0;

/** Where the controller says that it will never answer. Part of nvme_scan_work(), 6.12 to 7.3. Pure. */
export const falls_back_on_dnr_6_12: FallsBack = (result) => result > 0 && (result & NVME_STATUS_DNR) !== 0;
