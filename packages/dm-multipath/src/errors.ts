// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-290': {
    title: 'a message for a path or a table that dm does not have',
    explain:
      'A message of dm-multipath names a path by the name of its disk, and that disk must be in the table in use. ' +
      'The kernel answers EINVAL; the model is driven by drivers only, so it is a fault of the driver package.',
    exit: 70,
  },
});

/** Numbered errors of the model of dm-multipath (LMP-290). */
export const dmMultipathErrors = errors.catalogue;
