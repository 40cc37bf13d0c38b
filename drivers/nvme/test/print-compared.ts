// SPDX-License-Identifier: GPL-2.0-only
import { compared } from './compared.js';

/* Which attributes and which errnos the recordings compare, and where: a line each. */
for (const [what, where] of [...(await compared())].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${what.padEnd(64)} ${String(where.length).padStart(3)}  ${where[0] ?? ''}`);
