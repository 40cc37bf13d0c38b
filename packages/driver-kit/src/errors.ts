// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-601': {
    title: 'a driver for another version of the interface',
    explain:
      'A driver says with `api` which version of the driver interface it was written for. Build it against this one.',
    exit: 2,
  },
  'LMP-602': {
    title: 'a name that scenario files could not use',
    explain:
      'Names of drivers, steps, observations and features are lower case: a letter, then letters, digits and dashes. ' +
      '`observe` and `as` belong to the scenario language.',
    exit: 2,
  },
  'LMP-603': {
    title: 'an example that is not right',
    explain:
      'Each word carries an example: an entry as it would stand in a scenario file. It must name the word and pass its ' +
      'own argument schema, because people copy it.',
    exit: 2,
  },
  'LMP-604': {
    title: 'a model with a feature that the driver does not list',
    explain: '`features` of the driver says what each feature is and since when; a model may only have those.',
    exit: 2,
  },
  'LMP-605': {
    title: 'a driver without usable models',
    explain: 'A driver needs at least one model, and each model a name of its own.',
    exit: 2,
  },
  'LMP-606': {
    title: 'a library model that the driver does not list',
    explain:
      '`libraryModel(remedies)` makes the driver’s model on the library with remedies. Without any it is the library as ' +
      'it was posted, and that model stands in `models`, with kind `library`.',
    exit: 2,
  },
});

/** Numbered errors of the driver kit. */
export const driverKitErrors = errors.catalogue;
