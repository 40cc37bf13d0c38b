// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { PageData } from '../page-data.js';
import { pageHtml } from '../page-html.js';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine; undefined: there is none. */
export const browserPath = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '')
    .flatMap((dir) => names.map((name) => join(dir, name)))
    .find((path) => existsSync(path));

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Makes `dist/page.html` current; nothing is left to do after `npm run build`. */
export const buildPage = (): void => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../page/build.mjs', import.meta.url))], {
    timeout: 120_000,
  });
};

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly hash?: string;
}

/** An axe violation, as far as a test names it. */
export interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly where: string;
}

/** Opens reports from disk, as a person does who got one by mail. */
export class ReportBrowser {
  /** What a page asked the network for, said on its console or threw: must stay empty. */
  readonly complaints: string[] = [];
  private written = 0;

  private constructor(
    private readonly browser: Browser,
    private readonly dir: string,
  ) {}

  static async start(executablePath: string): Promise<ReportBrowser> {
    const browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 });
    return new ReportBrowser(browser, await mkdtemp(join(tmpdir(), 'mpath-page-')));
  }

  async open(
    data: PageData,
    { width = 1440, height = 900, theme = 'light', hash = '' }: OpenOptions = {},
  ): Promise<Page> {
    const file = join(this.dir, `report-${String(++this.written)}.html`);
    await writeFile(file, pageHtml(data));
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme: theme });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) this.complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href + hash);
    await page.locator('h1').waitFor();
    return page;
  }

  async end(): Promise<void> {
    await this.browser.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Serious and critical findings of axe on the page as it stands. */
export const violations = async (page: Page): Promise<Violation[]> => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    // axe-core puts itself there.
    const { axe: scanner } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await scanner.run();
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ html }) => html.slice(0, 160)).join('\n') }));
  });
};

/** How far things have moved by themselves since the page was opened: 0 is nothing at all. */
// Text, because the sources of the package know no browser. Buffered entries come before the next frame but one.
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries()) sum += value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
  })`);
