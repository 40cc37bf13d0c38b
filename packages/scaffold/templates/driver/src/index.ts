// SPDX-License-Identifier: GPL-2.0-only

export { acmeDriver } from './driver.js';
