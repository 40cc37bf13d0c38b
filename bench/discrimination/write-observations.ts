// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './messages.js';
import type { Changed } from './try-mutant.js';

/** Beside the recordings of each driver: what of them some mutant changes. */
export const writeObservations = (root: string, rows: readonly Row[], changed: Changed): void => {
  for (const driver of new Set(rows.map((row) => row.driver))) {
    const folder = join(root, 'drivers', driver, 'scenarios');
    if (!existsSync(folder)) continue;
    const kernels: Record<string, Record<string, readonly string[]>> = {};
    for (const row of rows.filter((one) => one.driver === driver)) {
      const scenarios = (kernels[row.kernel] ??= {});
      scenarios[row.scenario] = changed.of(row);
    }
    const document = { schema: 'mpath.discriminating/1', kernels };
    writeFileSync(join(folder, 'discriminating.json'), `${JSON.stringify(document, null, 2)}\n`);
  }
};
