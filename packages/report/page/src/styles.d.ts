// SPDX-License-Identifier: GPL-2.0-only

/** A style sheet: Vite puts it into the page. */
declare module '*.css' {}
