// SPDX-License-Identifier: GPL-2.0-only

export { virtioDriver } from './driver.js';
export { virtioErrors } from './errors.js';
export type { VirtioTopology } from './topology.js';
