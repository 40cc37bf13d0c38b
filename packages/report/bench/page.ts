// SPDX-License-Identifier: GPL-2.0-only
import { performance } from 'node:perf_hooks';
import { pageHtml, pageStory } from '../src/index.js';
import { browserPath, buildPage, ReportBrowser } from '../src/page/testing/browser.js';
import { longStory } from '../src/page/testing/long-story.js';

/*
 * How long a report takes to write, to open and to step through, by its length. A step is from the
 * key to the frame that shows it; a scroll is a frame while the wheel turns.
 *
 *   npm run bench -- page [steps of the schedule …]
 */
const lengths = process.argv.slice(2).map(Number);
const STEPS = 200;
const FRAMES = 120;

const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join(' ')}\n`);
};

const quantile = (values: readonly number[], part: number): string =>
  ([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0).toFixed(1);

/** Milliseconds from a press to the second frame after it, by which the first one has been shown. */
const pressing = `(async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (let n = 0; n < ${String(STEPS)}; n++) {
    const before = performance.now();
    dispatchEvent(new KeyboardEvent('keydown', { key: n % 50 === 49 ? 'PageUp' : 'k' }));
    await frame();
    times.push(performance.now() - before);
  }
  return times;
})()`;

const scrolling = `(async () => {
  const rows = document.querySelector('.timeline-rows');
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  let before = await frame();
  for (let n = 0; n < ${String(FRAMES)}; n++) {
    rows.scrollTop = (rows.scrollHeight * n) / ${String(FRAMES)};
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  return times;
})()`;

const executable = browserPath();
if (executable === undefined)
  throw new Error('expected chromium on this machine, found none: apt-get install chromium');
buildPage();
const browser = await ReportBrowser.start(executable);
try {
  print([
    'steps',
    'shown',
    'file KiB',
    'write ms',
    'open ms',
    'step p50 ms',
    'step p95 ms',
    'scroll p50 ms',
    'scroll p95 ms',
  ]);
  for (const length of lengths.length === 0 ? [100, 1_000, 10_000, 1_000_000] : lengths) {
    const story = longStory(length);
    const began = performance.now();
    const shown = pageStory(story);
    const html = pageHtml({ kind: 'replay', stories: [shown] });
    const wrote = performance.now();
    const page = await browser.open({ kind: 'replay', stories: [shown] });
    // What is scanned: from the start of the navigation to the first row on the screen.
    const openMs = await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
    await page.evaluate("document.querySelector('.switch input').click()");
    const steps = await page.evaluate<number[]>(pressing);
    const frames = await page.evaluate<number[]>(scrolling);
    print([
      length,
      shown.story.events.length,
      Math.round(html.length / 1_024),
      (wrote - began).toFixed(0),
      openMs.toFixed(0),
      quantile(steps, 0.5),
      quantile(steps, 0.95),
      quantile(frames, 0.5),
      quantile(frames, 0.95),
    ]);
    await page.context().close();
  }
} finally {
  await browser.end();
}
