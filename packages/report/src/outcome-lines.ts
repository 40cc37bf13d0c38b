// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type ScenarioVerdict } from '@libmultipath/contract';
import type { Palette } from './palette.js';
import { printable } from './printable.js';

/** Every outcome of a scenario: how often the kernel showed it, and whether the model allows it. */
export const outcomeLines = ({ outcomes }: ScenarioVerdict, { good, bad, dim }: Palette): string[] =>
  outcomes.map(({ value, allowed, seen }) => {
    const count = `${String(seen)}×`.padStart(6);
    const mark = allowed ? (seen > 0 ? good('allowed') : dim('allowed')) : bad('not allowed');
    return `      ${count}  ${mark}  ${printable(canonical(value))}`;
  });
