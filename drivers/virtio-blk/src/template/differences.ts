// SPDX-License-Identifier: GPL-2.0-only
import type { DifferenceExplanation } from '@libmultipath/driver-kit';

/** Where the library and dm-multipath differ in what a scenario sees, and why. */
export const differences: readonly DifferenceExplanation[] = [];
