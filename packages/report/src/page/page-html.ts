// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FindingStory } from '@libmultipath/contract';
import { errors } from '../errors.js';
import { findingMail } from '../finding/mail.js';
import { splatLines } from '../finding/splat.js';
import { DATA_ELEMENT, embedded } from './embed.js';
import type { PageData, PageStory } from './page-data.js';
import { EVENTS_MAX, sampleStory } from './sample-story.js';

/** What Vite makes of `page/`: from `src` and from `dist` the same file. */
export const templateFile = fileURLToPath(new URL('../../dist/page.html', import.meta.url));

const templateText = (): string => {
  try {
    return readFileSync(templateFile, 'utf8');
  } catch (cause) {
    throw errors.fail('LMP-921', {
      message: 'expected the page of the HTML report, which the build makes, found none',
      where: 'packages/report/dist/page.html',
      todo: 'npm run build',
      cause,
    });
  }
};

/** A longer schedule is no mail that anybody reads. */
const MAIL_EVENTS_MAX = 2_000;

/** A finding as a page shows it: with the kernel's report and the mail, and a sample of its events where they are too many. */
export const pageStory = (story: FindingStory, eventsMax = EVENTS_MAX): PageStory => {
  const sampled = sampleStory(story, eventsMax);
  const mail = sampled.events.length > MAIL_EVENTS_MAX ? '' : findingMail(sampled);
  const report = splatLines(story);
  return { story: sampled, report, mail, ...(sampled === story ? {} : { sampledOf: story.events.length }) };
};

/**
 * One HTML file that needs neither server nor network.
 * @throws LMP-921 the page was not built
 */
export const pageHtml = (data: PageData): string => {
  const template = templateText();
  const element = template.indexOf(DATA_ELEMENT);
  if (element === -1) throw new Error('the page has no place for its data');
  const from = element + DATA_ELEMENT.length;
  return `${template.slice(0, from)}${embedded(data)}${template.slice(template.indexOf('</script>', from))}`;
};
