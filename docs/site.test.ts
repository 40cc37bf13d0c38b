// SPDX-License-Identifier: GPL-2.0-only
import type { Server } from 'node:http';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, violations } from '../packages/report/src/page/testing/browser.js';
import { builtPages, ensureSite, serveSite } from './testing/built-site.js';

const executable = browserPath();
const MINUTES_5 = 300_000;

beforeAll(ensureSite, MINUTES_5);

it('has a browser where a browser must be', () => {
  expect(process.env['LIBMULTIPATH_BROWSER'] !== 'on' || executable !== undefined).toBe(true);
});

it('every link of every built page leads to a page, and to a heading of it', () => {
  const pages = builtPages();
  expect(pages.size).toBeGreaterThan(250);
  const ids = new Map(
    [...pages].map(([path, html]) => [path, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const broken = [...pages].flatMap(([path, html]) =>
    [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].flatMap(([, href = '']) => {
      const url = new URL(href.replaceAll('&amp;', '&'), `http://site${path}`);
      if (url.host !== 'site')
        return url.protocol === 'https:' || url.protocol === 'mailto:' ? [] : [`${path}: ${href}`];
      const to = decodeURIComponent(url.pathname).replace(/\/$/, '/index.html');
      const anchor = decodeURIComponent(url.hash.slice(1));
      const found = ids.get(to);
      // typedoc numbers members of one name in another way than the headings are.
      const numbered = to.startsWith('/reference/api/');
      const lacks = found === undefined || (anchor !== '' && !numbered && !found.has(anchor));
      return lacks ? [`${path}: ${href}`] : [];
    }),
  );
  expect(broken).toEqual([]);
});

/** One page of each kind, and what stands on it. */
const kinds = [
  ['/', 'Every schedule of it'],
  ['/tutorial/first-finding.html', 'First finding in ten minutes'],
  ['/reference/cli.html', 'mpath check'],
  ['/reference/scenarios.html', 'Topology of nvme'],
  ['/findings/', 'UAF-ed643a'],
] as const;

/** Each width in both schemes. */
const screens = [
  [360, 740, 'light'],
  [360, 740, 'dark'],
  [1440, 900, 'light'],
  [1440, 900, 'dark'],
] as const;

describe.runIf(executable !== undefined)('the site in a browser', () => {
  let browser: Browser | undefined;
  let served: { readonly url: string; readonly server: Server } | undefined;
  /** What a page asked of another host, said on its console, or threw: must stay empty. */
  const complaints: string[] = [];

  beforeAll(async () => {
    served = await serveSite();
    browser = await chromium.launch({
      executablePath: executable ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      timeout: 60_000,
    });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    served?.server.closeAllConnections();
    served?.server.close();
  });

  const open = async (path: string, width: number, height: number, colorScheme: 'light' | 'dark'): Promise<Page> => {
    if (browser === undefined || served === undefined) throw new Error('there is no browser');
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const { url } = served;
    page.on('pageerror', ({ message }) => complaints.push(`${path}: ${message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url());
    });
    await page.goto(url + path, { waitUntil: 'networkidle' });
    return page;
  };

  for (const [width, height, scheme] of screens) {
    it(`can be used by everybody at ${String(width)} pixels, ${scheme}, and is no wider than that`, async () => {
      for (const [path, words] of kinds) {
        const page = await open(path, width, height, scheme);
        const tooWide = await page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
        const shown = { path, violations: await violations(page), tooWide };
        expect(await page.locator('#VPContent').textContent()).toContain(words);
        expect(shown).toEqual({ path, violations: [], tooWide: 0 });
        await page.context().close();
      }
    }, 180_000);
  }

  it('finds a page by its words, without any other host', async () => {
    const page = await open('/', 1440, 900, 'light');
    await page.keyboard.press('/');
    await page.locator('.VPLocalSearchBox input').fill('rearming puts module');
    await page.locator('.VPLocalSearchBox .result').first().waitFor();
    expect(await page.locator('.VPLocalSearchBox .result').first().textContent()).toMatch(/rearming-puts-module/);
    await page.context().close();
  });

  it('asks nobody else for anything, and throws nothing', () => {
    expect(complaints).toEqual([]);
  });
});
