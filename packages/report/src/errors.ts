// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-921': {
    title: 'the page of the HTML report is not built',
    explain:
      'The HTML report is one file that Vite makes of packages/report/page. It is part of the published package; in a ' +
      'checkout `npm run build`, and every run of `./mpath`, makes it.',
    exit: 2,
  },
});

/** Numbered errors of the report. */
export const reportErrors = errors.catalogue;
