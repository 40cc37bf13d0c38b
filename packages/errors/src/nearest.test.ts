// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { nearest } from './nearest.js';

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 20 });

it('puts a known name first when it is asked for exactly', () => {
  fc.assert(
    fc.property(names, fc.nat(), (known, pick) => {
      fc.pre(known.length > 0);
      const name = known[pick % known.length] ?? '';
      expect(nearest(name, known)[0]).toBe(name);
    }),
  );
});

it('answers only known names, at most three, none twice', () => {
  fc.assert(
    fc.property(fc.string(), names, (name, known) => {
      const found = nearest(name, known);
      expect(found.length).toBeLessThanOrEqual(3);
      expect(new Set(found).size).toBe(found.length);
      for (const one of found) expect(known).toContain(one);
    }),
  );
});

it('does not depend on the order in which the names are listed', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), names, (name, known) => {
      expect(nearest(name, known.toReversed())).toEqual(nearest(name, known));
    }),
  );
});

it('finds a name with one letter lost, doubled or swapped with its neighbour', () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('lost', 'doubled', 'swapped'), (known, where, slip) => {
      const at = where % (known.length - 1);
      const [head, rest] = [known.slice(0, at), known.slice(at)];
      const typed =
        slip === 'lost'
          ? head + rest.slice(1)
          : slip === 'doubled'
            ? head + rest.charAt(0) + rest
            : head + rest.charAt(1) + rest.charAt(0) + rest.slice(2);
      expect(nearest(typed, [known])).toEqual([known]);
    }),
  );
});

it('names the swap of two neighbours before two unrelated changes', () => {
  expect(nearest('verfiy', ['verrxy', 'verify'])).toEqual(['verify', 'verrxy']);
});

it('suggests nothing for a name that is like none', () => {
  expect(nearest('zzzzzz', ['verify', 'check', 'replay'])).toEqual([]);
});

it('offers a longer name that contains the one typed', () => {
  expect(nearest('policy', ['iopolicy-round-robin', 'replay'])).toEqual(['iopolicy-round-robin']);
});

it('offers a longer name of which the beginning was typed with a slip', () => {
  expect(nearest('round-robn', ['round-robin-alternates', 'numa-local-path'])).toEqual(['round-robin-alternates']);
});
