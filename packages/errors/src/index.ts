// SPDX-License-Identifier: GPL-2.0-only

export { LmpError, isLmpError, type LmpCode, type LmpErrorFields } from './lmp-error.js';
export { defineErrors, type ErrorCatalogue, type ErrorEntry } from './catalogue.js';
export { nearest } from './nearest.js';
