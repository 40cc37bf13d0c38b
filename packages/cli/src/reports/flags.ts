// SPDX-License-Identifier: GPL-2.0-only
import { text } from '../commands/flags.js';

const file = (brief: string) => ({ kind: 'parsed', parse: text, optional: true, brief, placeholder: 'file' }) as const;

export const htmlFlag = file('Write the report as one HTML file');

/** Of a command whose document has verdicts. */
export const reportFlags = {
  html: htmlFlag,
  junit: file('Write JUnit XML'),
  ktap: file('Write KTAP'),
  github: {
    kind: 'boolean',
    default: false,
    withNegated: false,
    brief: 'Print GitHub annotations of what failed',
  },
} as const;
