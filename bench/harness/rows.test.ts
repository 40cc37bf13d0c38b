// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { evenly, rowsIn } from './rows.js';

it('reads rows with their seconds, and nothing else', () => {
  const output = `Linux 7.3.4 (7.3; tcg, QEMU 7.2, booted in 3.0 s)
  unsupported  delayed-removal
      needs delayed-removal, which 6.1 does not have
  agree        last-path-removed                10 observations, 1 run, 2.0 s
  diverge      names                            3 observations, 6 runs, 12.5 s
1 agree, 1 diverge (13 observations)
`;
  expect(rowsIn(output)).toEqual([
    { verdict: 'agree', name: 'last-path-removed', seconds: 2 },
    { verdict: 'diverge', name: 'names', seconds: 12.5 },
  ]);
});

it('takes so many, from all over the list', () => {
  expect(evenly([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([3, 6, 9]);
  expect(evenly([1, 2, 3], 2)).toEqual([2, 3]);
  expect(evenly([1, 2], 5)).toEqual([1, 2]);
});
