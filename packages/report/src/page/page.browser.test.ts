// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, DiffDocument, VerifyDocument } from '@libmultipath/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hung } from '../finding/story.test.kit.js';
import type { PageData } from './page-data.js';
import { pageStory } from './page-html.js';
import { browserPath, buildPage, layoutShift, ReportBrowser, violations } from './testing/browser.js';
import { longStory } from './testing/long-story.js';

const executable = browserPath();

it('has a browser where a browser must be', () => {
  expect(process.env['LIBMULTIPATH_BROWSER'] !== 'on' || executable !== undefined).toBe(true);
});

/** A page answers at once, a busy machine does not. */
const patience = { timeout: 10_000 };

const evil = `</script><img src=x onerror="document.title='owned'"><!--\u202e\u001b[2J`;

const long = longStory(400);
const check: PageData = {
  kind: 'check',
  document: {
    schema: 'mpath.check/1',
    revision: 'v3',
    complete: true,
    bound: 'complete (sequential consistency)',
    gone: [],
    scenarios: [
      {
        name: evil,
        driver: 'toy',
        verdict: 'fail',
        bound: 'complete',
        findings: [
          { ...long.finding, known: false },
          { ...hung.finding, known: true },
        ],
        stats: { executions: 3, steps: 4, replayedSteps: 0, states: 1, seconds: 0.5 },
      },
    ],
  } satisfies CheckDocument,
  stories: [pageStory({ ...long, program: evil }), pageStory(hung)],
};
const row = {
  driver: 'toy',
  model: '7.3',
  observations: 2,
  runs: 3,
  differences: [],
};
const verify: PageData = {
  kind: 'verify',
  document: {
    schema: 'mpath.verify/1',
    kernels: ['6.1', '7.3'].map((name) => ({
      name,
      release: `${name}.4`,
      accelerator: 'kvm',
      qemu: '7.2.22',
      bootSeconds: 2.5,
      scenarios: [
        {
          ...row,
          name: 'agrees',
          verdict: 'agree' as const,
          outcomes: [
            { value: { order: 'first', errno: 'ok' }, allowed: true, seen: 2 },
            { value: { order: 'second', errno: 'ok' }, allowed: true, seen: 0 },
          ],
        },
        {
          ...row,
          name: 'removed',
          verdict: name === '7.3' ? ('diverge' as const) : ('unsupported' as const),
          outcomes: [],
          differences: [{ step: 'observe', observation: 'head', model: ['a'], kernel: evil, file: 'x.yaml', line: 7 }],
        },
        { ...row, name: 'panics', verdict: 'kernel-fault' as const, outcomes: [], reason: `Oops: 0000\n${evil}` },
      ],
    })),
    summary: { agree: 2, diverge: 1, tooLoose: 0, fault: 2, unsupported: 1, error: 0, observations: 12 } as never,
  } satisfies VerifyDocument,
};
const diff: PageData = {
  kind: 'diff',
  document: {
    schema: 'mpath.diff/1',
    a: '7.3',
    b: 'v3',
    scenarios: [
      {
        name: 'open',
        driver: 'toy',
        verdict: 'differs',
        outcomesA: 1,
        outcomesB: 1,
        differences: [
          { observation: 'errno', a: ['ENXIO'], b: ['EIO'], file: 'y.yaml', line: 3, why: evil },
          { observation: 'size', a: [1], b: [2], file: 'y.yaml', line: 4 },
        ],
      },
      { name: 'close', driver: 'toy', verdict: 'same', outcomesA: 1, outcomesB: 1, differences: [] },
    ],
    summary: { same: 1, differs: 1, unsupported: 0, error: 0, unexplained: 1 },
  } satisfies DiffDocument,
};

const finding = { hash: '#/finding/UAF-012345' };

describe.runIf(executable !== undefined)('the page', () => {
  let browser: ReportBrowser;
  beforeAll(async () => {
    buildPage();
    browser = await ReportBrowser.start(executable ?? '');
  }, 150_000);
  afterAll(async () => {
    await browser?.end();
  });

  const chosen = (page: Page) => page.locator('[role=option][aria-selected=true] .row-number');
  const count = (page: Page) => page.locator('.stepper-count');

  it('opens a finding from the list, at the step that shows it, and goes back', async () => {
    const page = await browser.open(check);
    await page.getByRole('link', { name: /UAF-012345/ }).click();
    await expect.poll(() => page.locator('h1').textContent(), patience).toBe('UAF-012345');
    expect(await chosen(page).textContent()).toBe('399');
    await expect.poll(() => page.title(), patience).toBe('UAF-012345 · mpath');
    await page.getByRole('link', { name: 'All findings' }).click();
    await expect.poll(() => page.locator('h1').textContent(), patience).toBe('Check of v3');
  });

  it('steps by keyboard, forward and back, by context switches, to both ends, and to the site', async () => {
    const page = await browser.open(check, finding);
    await page.getByRole('checkbox', { name: /Causal slice/ }).uncheck({ force: true });
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('0');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('2');
    await page.keyboard.press('k');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('1');
    await page.keyboard.press(']');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('3');
    await page.keyboard.press('End');
    await expect.poll(() => count(page).textContent(), patience).toBe('400 of 400');
    await page.keyboard.press('PageUp');
    await expect.poll(async () => Number(await chosen(page).textContent()), patience).toBeLessThan(399);
    await page.keyboard.press('g');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('399');
  });

  it('hides the steps with no part in the finding, and shows them again', async () => {
    const page = await browser.open(check, finding);
    expect(await page.locator('.row.gap').count()).toBeGreaterThan(0);
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.row.gap').count(), patience).toBe(0);
    expect(await count(page).textContent()).toBe('400 of 400');
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.row.gap').count(), patience).toBeGreaterThan(0);
  });

  it('shows what each step changed, what was before, and the state after it', async () => {
    const page = await browser.open(check, finding);
    await page.keyboard.press('s');
    await page.keyboard.press('Home');
    await page.getByRole('tab', { name: 'State' }).click();
    expect(await page.locator('.changes').textContent()).toBe('thing#1.refcount_t.refs1 → 2');
    await page.keyboard.press('j');
    await expect.poll(() => page.locator('.changes').textContent(), patience).toBe('thing#1.refcount_t.refs2 → 3');
    await page.getByRole('searchbox', { name: 'Filter fields' }).fill('refs');
    expect(await page.locator('.state .fields').last().textContent()).toContain('3');
  });

  it('tells the life of the object: allocated, references, freed, used after', async () => {
    const page = await browser.open(check, finding);
    await page.getByRole('tab', { name: 'Object' }).click();
    const moments = page.locator('.moments');
    expect(await moments.textContent()).toContain('allocated before the first step');
    expect(await page.locator('.moment.freed').textContent()).toContain('398 freed');
    expect(await page.locator('.moment.used').textContent()).toContain('399 used after it was freed');
    expect(await page.locator('.chart canvas').count()).toBe(1);
    await page.locator('.moment.taken button').first().click();
    await expect.poll(() => chosen(page).textContent(), patience).toBe('0');
  });

  it('leads along the arrows to the step that has to come before', async () => {
    const page = await browser.open(check, finding);
    await page.keyboard.press('s');
    await page.keyboard.press('Home');
    for (let step = 0; step < 3; step++) await page.keyboard.press('j');
    await expect.poll(() => page.locator('.arrow.near').count(), patience).toBe(1);
    await page.locator('.links button').first().click();
    await expect.poll(() => chosen(page).textContent(), patience).toBe('2');
  });

  it('finds steps and goes from match to match', async () => {
    const page = await browser.open(check, finding);
    await page.keyboard.press('/');
    await page.keyboard.type('kfree');
    await expect.poll(() => page.locator('.search-found').textContent(), patience).toContain('/ 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('398');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('searchbox', { name: 'Search steps' }).inputValue(), patience).toBe('');
    await page.keyboard.press('j');
    await expect.poll(() => chosen(page).textContent(), patience).toBe('399');
  });

  it('copies the replay command, and the mail', async () => {
    const page = await browser.open(check, finding);
    await page.getByRole('button', { name: 'Copy replay command' }).first().click();
    await page.getByText('Copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`mpath replay ${long.finding.replay}`);
    await page.getByRole('tab', { name: 'Report' }).click();
    expect(await page.locator('.remedy').textContent()).toBe('thing-put-last');
    await page.getByRole('button', { name: 'Copy as mail for a list' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'), patience)
      .toMatch(/^Subject: \[BUG v3\] use-after-free in thing_put\(\)/);
  });

  it('says the doc comment of the function, and each step to a screen reader', async () => {
    const page = await browser.open(check, finding);
    expect(await page.locator('.doc').first().textContent()).toContain('Drops a reference.');
    expect(await page.locator('.for-readers[aria-live=polite]').textContent()).toMatch(
      /^Step \d+ of \d+, task \d, thing_/,
    );
  });

  it('shows who waits for ever after the last step of a hang', async () => {
    const page = await browser.open(check, { hash: '#/finding/HANG-0c0ffe' });
    expect(await page.locator('.row.wait').allTextContents()).toEqual([
      expect.stringContaining('wait_for_completion completion#1'),
      expect.stringContaining('mutex_lock gendisk#1.mutex'),
    ]);
  });

  it('opens a cell of the matrix with keys alone, and closes it to where one was', async () => {
    const page = await browser.open(verify);
    await page.locator('.cell').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'removed on 7.3' });
    expect(await dialog.textContent()).toContain('onerror');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('data-cell')"), patience).toBe('1-1');
    await page.locator('[data-cell="0-0"]').click();
    const outcomes = page.locator('.outcomes tbody tr');
    expect(await outcomes.allTextContents()).toEqual([
      expect.stringMatching(/allowedseen 2×order"first"/),
      expect.stringMatching(/allowednot seenorder"second"/),
    ]);
  });

  it('shows only the rows of a verdict, and those that fit the search', async () => {
    const page = await browser.open(verify);
    await page
      .getByRole('button', { name: /diverge/ })
      .first()
      .click();
    expect(await page.locator('.matrix tbody tr').count()).toBe(1);
    await page.getByRole('searchbox').fill('nothing like it');
    expect(await page.getByText('No scenario fits.').count()).toBe(1);
  });

  it('has each difference in two columns with its explanation, and says where one is missing', async () => {
    const page = await browser.open(diff);
    expect(await page.locator('.compared').first().textContent()).toMatch(/errno.*7\.3"ENXIO"v3"EIO"/);
    expect(await page.locator('.why').allTextContents()).toEqual([
      expect.stringContaining('onerror'),
      'Not explained yet.',
    ]);
    expect(await page.locator('.header-message').textContent()).toBe('1 difference is not explained.');
  });

  it('runs no text of a guest or a scenario, asks for nothing and complains of nothing', async () => {
    for (const data of [check, verify, diff]) {
      const page = await browser.open(data);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.title()).not.toBe('owned');
      expect(await page.content()).not.toContain('\u202e');
    }
    expect(browser.complaints).toEqual([]);
  });

  it('samples a million steps with a notice, and keeps the state right', async () => {
    const page = await browser.open({ kind: 'replay', stories: [pageStory(longStory(1_000_000))] });
    expect(await page.getByRole('note').textContent()).toMatch(/^The run has 1,000,000 steps/);
    expect(await chosen(page).textContent()).toBe('999999');
    expect(await page.locator('[role=option]').count()).toBeLessThan(200);
  }, 60_000);

  const views: readonly (readonly [what: string, data: PageData, hash: string])[] = [
    ['check', check, ''],
    ['finding', check, finding.hash],
    ['verify', verify, ''],
    ['diff', diff, ''],
  ];

  /** Every size with one of the two themes, the size that most have with both. */
  const screens = [
    [360, 740, 'light'],
    [1440, 900, 'light'],
    [1440, 900, 'dark'],
    [3840, 2160, 'dark'],
  ] as const;
  for (const [width, height, theme] of screens) {
    it(`can be used by everybody at ${String(width)} pixels, ${theme}, and nothing moves by itself`, async () => {
      for (const [, data, hash] of views) {
        const page = await browser.open(data, { width, height, theme, hash });
        expect(await violations(page)).toEqual([]);
        expect(await layoutShift(page)).toBeLessThan(0.01);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        await page.context().close();
      }
    }, 120_000);
  }

  it('can be used by everybody behind every tab, narrow and dark', async () => {
    const page = await browser.open(check, { width: 360, height: 740, theme: 'dark', ...finding });
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      expect(await violations(page)).toEqual([]);
    }
  }, 60_000);

  it('can be used by everybody where a cell is open', async () => {
    const page = await browser.open(verify);
    await page.locator('[data-cell="2-1"]').click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
