// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { Pace } from './pace.js';

it('guesses the rest once two are done, and no more when all are', () => {
  let seconds = 100;
  const pace = new Pace(5, () => seconds);
  const after = (): string => {
    seconds += 10;
    pace.tick();
    return pace.text;
  };
  expect(pace.text).toBe('0 of 5');
  expect([after(), after(), after(), after(), after()]).toEqual([
    '1 of 5',
    '2 of 5, 6.0 a minute, about 30 s left',
    '3 of 5, 6.0 a minute, about 20 s left',
    '4 of 5, 6.0 a minute, about 10 s left',
    '5 of 5',
  ]);
});

it('says minutes where there are many', () => {
  let seconds = 0;
  const pace = new Pace(100, () => seconds);
  seconds = 60;
  pace.tick();
  pace.tick();
  expect(pace.text).toBe('2 of 100, 2.0 a minute, about 49 min left');
});

it('does not divide by no time', () => {
  const pace = new Pace(3, () => 7);
  pace.tick();
  pace.tick();
  expect(pace.text).toBe('2 of 3');
});
