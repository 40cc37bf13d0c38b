// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory } from '@libmultipath/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { freed, hung } from '../finding/story.test.kit.js';
import { DATA_ELEMENT, embedded } from './embed.js';
import { pageHtml, pageStory } from './page-html.js';
import { sampleStory } from './sample-story.js';
import { States } from './state-at.js';
import { buildPage } from './testing/browser.js';
import { longStory } from './testing/long-story.js';
import { rowNear, searchText, traceOf } from './trace-model.js';

describe('data in a page', () => {
  const parts = ['</script>', '<!--', '-->', '<script', ']]>', '&lt;', '\u2028', '\u0000', '\ud800', '"', '\\u003c'];
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...parts)).map((some) => some.join('')),
  );

  it('cannot end their element, and read back with everything hidden shown', () => {
    fc.assert(
      fc.property(hostile, hostile, (key, text) => {
        const json = embedded({ [key]: [text] });
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        const [[readKey, [readText]] = ['', ['']]] = Object.entries(JSON.parse(json) as Record<string, string[]>);
        for (const one of [readKey, readText ?? '']) {
          expect(one.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('read back unchanged where nothing is hidden in them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '<', '>', '&', '"', "'", '/', '-', '!', '\\', 'é', '→', '\n') }),
        (text) => {
          expect(JSON.parse(embedded([text]))).toEqual([text]);
        },
      ),
    );
  });

  it('keep __proto__ a key, and numbers, null and lists as they are', () => {
    expect(embedded(JSON.parse('{"__proto__":{"a":[1,null,true]}}'))).toBe('{"__proto__":{"a":[1,null,true]}}');
  });
});

describe('the template', () => {
  beforeAll(() => buildPage(), 120_000);

  it('takes the data where they belong, and loads nothing', () => {
    const html = pageHtml({ kind: 'replay', stories: [pageStory(freed)] });
    const [before = '', after = ''] = html.split(DATA_ELEMENT);
    const json = after.slice(0, after.indexOf('</script>'));
    expect(JSON.parse(json)).toMatchObject({ kind: 'replay', stories: [{ story: { finding: { id: 'UAF-f49010' } } }] });
    expect(before).toContain("default-src 'none'");
    expect(html).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
  });

  it('carries the licences of what it contains', () => {
    const html = pageHtml({ kind: 'replay', stories: [] });
    for (const name of ['preact', 'uplot', '@tanstack/virtual-core']) expect(html).toContain(`\n${name}\n`);
  });
});

describe('rows of a schedule', () => {
  it('are all steps, then who waits for ever', () => {
    const { rows, lanes, rowOf } = traceOf(hung, false);
    expect(rows.map(({ kind }) => kind)).toEqual(['event', 'event', 'event', 'event', 'event', 'wait', 'wait']);
    expect(lanes.map(({ name }) => name)).toEqual(['remover', 'kworker/scan']);
    expect(rowOf.get(4)).toBe(4);
  });

  it('count what has no part in it, and have no lane for a task without a step', () => {
    const { rows } = traceOf(hung, true);
    expect(rows.map((row) => (row.kind === 'gap' ? row.skipped : row.kind))).toEqual([
      2,
      'event',
      'event',
      1,
      'wait',
      'wait',
    ]);
    const alone = { ...hung, waiters: [], events: hung.events.filter(({ task }) => task === 'remover') };
    expect(traceOf(alone, false).lanes.map(({ name }) => name)).toEqual(['remover']);
  });

  it('say where a turn begins and a function is entered', () => {
    const rows = traceOf(freed, false).rows.flatMap((row) => (row.kind === 'event' ? [[row.turn, row.entered]] : []));
    expect(rows).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it('lead to the nearest step that is shown', () => {
    const trace = traceOf(hung, true);
    expect([0, 2, 4].map((index) => rowNear(trace, index))).toEqual([1, 1, 2]);
  });

  it('are found by number, task, function, operation, object and state', () => {
    const [row] = traceOf(freed, false).rows;
    const text = row === undefined ? '' : searchText(row);
    for (const part of ['#0', 'driver', 'mpath_head_uninit', 'refcount_dec_and_test', 'mpath_head#1', '2 → 1']) {
      expect(text).toContain(part);
    }
  });
});

const anyLength = fc.integer({ min: 10, max: 1_500 });

/** The state by going through all changes from the start. */
const slowly = ({ detail, events }: FindingStory, index: number): Map<string, string> => {
  const values = new Map(Object.entries(detail?.initial ?? {}));
  for (const event of events) {
    if (event.index > index) break;
    for (const { key, after } of detail?.changes[event.index] ?? []) values.set(key, after);
  }
  return values;
};

describe('the state at a step', () => {
  it('is what all changes up to it make', () => {
    fc.assert(
      fc.property(anyLength, fc.double({ min: 0, max: 1, noNaN: true }), (length, part) => {
        const story = longStory(length);
        const index = Math.min(length - 1, Math.floor(part * length));
        expect(new States(story).at(index).values).toEqual(slowly(story, index));
      }),
      { numRuns: 60 },
    );
  });

  it('is the one before the first step where there is no such step', () => {
    expect(new States(longStory(20)).at(-1).values).toEqual(
      new Map(Object.entries(longStory(20).detail?.initial ?? {})),
    );
  });
});

describe('a sample of a long schedule', () => {
  it('is no longer than asked, has the sites and the end, and the same state at each step that it has', () => {
    fc.assert(
      fc.property(anyLength, fc.integer({ min: 8, max: 400 }), (length, most) => {
        const story = longStory(length);
        const sampled = sampleStory(story, most);
        expect(sampled.events.length).toBeLessThanOrEqual(Math.max(most, 2));
        fc.pre(length > most);
        const indices = sampled.events.map(({ index }) => index);
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
        expect(indices.slice(-2)).toEqual([length - 2, length - 1]);
        const [whole, part] = [new States(story), new States(sampled)];
        for (const index of indices) expect(part.at(index).values).toEqual(whole.at(index).values);
        for (const { from, to } of sampled.detail?.edges ?? [])
          expect(indices).toEqual(expect.arrayContaining([from, to]));
      }),
      { numRuns: 60 },
    );
  });

  it('is the story itself where it is short enough', () => {
    const story = longStory(50);
    expect(sampleStory(story, 50)).toBe(story);
  });

  it('says how many there were, and where some are left out', () => {
    const { story, sampledOf } = pageStory(longStory(500), 100);
    expect(sampledOf).toBe(500);
    const left = traceOf(story, false).rows.reduce((sum, row) => sum + (row.kind === 'gap' ? row.skipped : 0), 0);
    expect(left + story.events.length).toBe(500);
    expect(pageStory(freed)).not.toHaveProperty('sampledOf');
  });
});
