// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { E, Machine, virtualTime, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { ANA_DESCRIPTOR_BYTES, ANA_HEADER_BYTES, anaLogPage, type AnaGroup } from './ana-log.js';
import { ana_bounds_6_1, ana_bounds_7_3, nvme_parse_ana_log, type AnaBounds } from './ana-parse.js';

/*
 * The bytes are made by the builder here, by the layout of the specification. Pages read from a guest belong
 * beside them, as fixtures, when a guest with ANA has given some.
 */

interface Parsed {
  readonly result: number;
  readonly groups: readonly AnaGroup[];
  readonly warnings: readonly string[];
}

const run = <T>(body: () => Steps<T>): { value: T; warnings: string[] } => {
  const machine = new Machine({});
  const values: T[] = [];
  const task = machine.spawn('parse', function* () {
    values.push(yield* body());
  });
  machine.run(virtualTime(), () => task.done);
  const [value] = values;
  if (value === undefined) throw new Error(machine.reports.map(({ message }) => message).join('; '));
  return { value, warnings: machine.reports.map(({ message }) => message) };
};

const parse = (bytes: readonly number[], anagrpmax = 128, bounds: AnaBounds = ana_bounds_7_3): Parsed => {
  const groups: AnaGroup[] = [];
  const { value, warnings } = run(() =>
    nvme_parse_ana_log({ bytes, sizeBytes: bytes.length, anagrpmax }, bounds, function* (desc) {
      const count = Math.min(desc.nnsids, 64);
      groups.push({
        grpid: desc.grpid,
        state: desc.state,
        nsids: Array.from({ length: count }, (_, n) => desc.nsid(n)),
      });
      return 0;
    }),
  );
  return { result: value, groups, warnings };
};

const group: fc.Arbitrary<AnaGroup> = fc.record({
  grpid: fc.integer({ min: 1, max: 128 }),
  state: fc.constantFrom(1, 2, 3, 4, 5, 14, 15),
  nsids: fc
    .uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 5 })
    .map((ids) => ids.sort((a, b) => a - b)),
});

test('what the builder writes is what the parser reads', () => {
  fc.assert(
    fc.property(fc.array(group, { maxLength: 6 }), (groups) => {
      expect(parse(anaLogPage(groups))).toEqual({ result: 0, groups, warnings: [] });
    }),
    { numRuns: 100 },
  );
});

test('one page, byte for byte', () => {
  const page = anaLogPage([{ grpid: 0x01020304, state: 2, nsids: [0x0a0b0c0d] }], 7);
  expect(page.slice(0, 16)).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(page.slice(16, 24)).toEqual([4, 3, 2, 1, 1, 0, 0, 0]);
  expect(page[32]).toBe(2);
  expect(page.slice(48)).toEqual([0x0d, 0x0c, 0x0b, 0x0a]);
});

const good = (grpid: number): AnaGroup => ({ grpid, state: 1, nsids: [grpid] });

test.each([
  ['group 0', { grpid: 0, state: 1, nsids: [2] }, 'group 0'],
  ['a group above ANAGRPMAX', { grpid: 129, state: 1, nsids: [2] }, 'a group above ANAGRPMAX'],
  ['state 0', { grpid: 2, state: 0, nsids: [2] }, 'state 0'],
  ['a state above 15', { grpid: 2, state: 16, nsids: [2] }, 'a state above 15'],
])('%s ends the parse: what stands before it is applied, what stands after it is not', (_name, bad, text) => {
  const { result, groups, warnings } = parse(anaLogPage([good(1), bad, good(3)]));
  expect(result).toBe(-E.EINVAL);
  expect(groups).toEqual([good(1)]);
  expect(warnings).toEqual([`WARNING: nvme_parse_ana_log: ${text}`]);
});

test('states 5 to 14, which have no name, are let through', () => {
  expect(parse(anaLogPage([{ grpid: 1, state: 9, nsids: [] }])).result).toBe(0);
});

test('a header that claims more groups than there are ends in the missing one', () => {
  const { result, groups, warnings } = parse(anaLogPage([good(1)], 0, 5));
  expect([result, groups.length]).toEqual([-E.EINVAL, 1]);
  expect(warnings).toEqual(['WARNING: nvme_parse_ana_log: a descriptor ends beyond the log']);
});

test('namespace ids that end beyond the log are not looked at', () => {
  const page = anaLogPage([good(1), good(2)]);
  page[ANA_HEADER_BYTES + ANA_DESCRIPTOR_BYTES + 4 + 4] = 200;
  const { result, groups, warnings } = parse(page);
  expect([result, groups]).toEqual([-E.EINVAL, [good(1)]]);
  expect(warnings).toEqual(['WARNING: nvme_parse_ana_log: namespace ids end beyond the log']);
});

test('6.1 wraps where the ids alone exceed the log, and hands the group on', () => {
  const page = anaLogPage([{ grpid: 1, state: 1, nsids: [1] }]);
  page[ANA_HEADER_BYTES + 5] = 1;
  expect(parse(page, 128, ana_bounds_7_3).groups).toEqual([]);
  expect(parse(page, 128, ana_bounds_6_1).groups).toHaveLength(1);
});

test('both tests of sizes agree on what is smaller than the log', () => {
  const size = fc.integer({ min: 0, max: 4_096 });
  fc.assert(
    fc.property(size, size, size, (offset, bytes, sizeBytes) => {
      fc.pre(bytes <= sizeBytes);
      expect(ana_bounds_6_1(offset, bytes, sizeBytes)).toBe(ana_bounds_7_3(offset, bytes, sizeBytes));
    }),
  );
});

/** The rules read once more, without the parser's own helpers. */
const reference = (bytes: Uint8Array, anagrpmax: number): { result: number; grpids: number[] } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const grpids: number[] = [];
  let at = 16;
  for (let left = view.getUint16(8, true); left > 0; left--) {
    if (at + 32 > bytes.length) return { result: -E.EINVAL, grpids };
    const [grpid, count, state] = [view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint8(at + 16)];
    if (grpid === 0 || grpid > anagrpmax || state === 0 || state > 15) return { result: -E.EINVAL, grpids };
    if (at + 32 + 4 * count > bytes.length) return { result: -E.EINVAL, grpids };
    grpids.push(grpid);
    at += 32 + 4 * count;
  }
  return { result: 0, grpids };
};

const damaged = fc
  .tuple(fc.array(group, { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(40))
  .map(([groups, changes, cut]) => {
    const page = anaLogPage(groups);
    for (const [at, value] of changes) page[at % page.length] = value;
    return page.slice(0, Math.max(ANA_HEADER_BYTES, page.length - cut));
  });

test('on random and on damaged bytes it never throws, and applies what a plain reading of the rules applies', () => {
  const random = fc.uint8Array({ minLength: ANA_HEADER_BYTES, maxLength: 200 }).map((bytes) => [...bytes]);
  fc.assert(
    fc.property(fc.oneof(random, damaged), fc.constantFrom(1, 4, 128), (bytes, anagrpmax) => {
      const expected = reference(Uint8Array.from(bytes), anagrpmax);
      const { result, groups } = parse(bytes, anagrpmax);
      expect({ result, grpids: groups.map(({ grpid }) => grpid) }).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});
