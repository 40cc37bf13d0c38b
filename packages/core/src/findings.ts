// SPDX-License-Identifier: GPL-2.0-only

/** Folder with the list of the library's own known findings and a page each. */
export const coreFindings = new URL('../findings/', import.meta.url);
