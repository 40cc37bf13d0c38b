// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/driver-kit';
import { guestErrorEntries } from './guest/error-entries.js';

export const errors = defineErrors({
  'LMP-201': {
    title: 'a step of a scenario could not be done on the model',
    explain:
      'A word that must succeed did not: for example `set-iopolicy` with a policy that this kernel does not know, ' +
      'or `attach` of a controller that is attached already. Use the word that records the result ' +
      '(`try-iopolicy`), say what the scenario needs with `needs:`, or correct the order of its steps.',
    exit: 2,
  },
  'LMP-202': {
    title: 'the NVMe model lost count of itself',
    explain:
      'A function of the model met an object of a kind that its own code never puts there. This is a fault of the ' +
      'driver package, not of a scenario.',
    exit: 70,
  },
  ...guestErrorEntries,
});

/** Numbered errors of the NVMe driver package (LMP-2nn, model side from 201, guest side from 220). */
export const nvmeErrors = errors.catalogue;
