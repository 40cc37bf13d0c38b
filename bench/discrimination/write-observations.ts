// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Changed } from './changed.js';
import type { Row } from './messages.js';

type Kernels = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const WIDTH = 120;

/** A list on one line where it fits, as the formatter of this project has it. */
const listed = (begin: string, labels: readonly string[], end: string): string => {
  const texts = labels.map((label) => JSON.stringify(label));
  const line = `${begin}[${texts.join(', ')}]${end}`;
  if (line.length <= WIDTH) return line;
  const indent = ' '.repeat(begin.length - begin.trimStart().length);
  return `${begin}[\n${texts.map((text) => `${indent}  ${text}`).join(',\n')}\n${indent}]${end}`;
};

/** `mpath.discriminating/1`: kernel → scenario → labels. */
export const observationsText = (kernels: Kernels): string => {
  const parts = Object.entries(kernels).map(([kernel, scenarios]) => {
    const rows = Object.entries(scenarios).map(([name, labels], nth, all) =>
      listed(`      ${JSON.stringify(name)}: `, labels, nth < all.length - 1 ? ',' : ''),
    );
    return `    ${JSON.stringify(kernel)}: {\n${rows.join('\n')}\n    }`;
  });
  return `{\n  "schema": "mpath.discriminating/1",\n  "kernels": {\n${parts.join(',\n')}\n  }\n}\n`;
};

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
    writeFileSync(join(folder, 'discriminating.json'), observationsText(kernels));
  }
};
