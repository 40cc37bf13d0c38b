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
  'LMP-607': {
    title: 'the model refuses what a step of a library driver writes',
    explain: 'The attribute belongs to a head, or it takes other values. Without a path there is no head.',
    exit: 2,
  },
  'LMP-608': {
    title: 'a driver without a side in the guest',
    explain:
      'A driver that was made with defineLibraryDriver() runs on the model: `mpath check` explores it. To be verified ' +
      'against a kernel it needs words with an implementation in the guest, which defineDriver() takes.',
    exit: 2,
  },
  'LMP-609': {
    title: 'no template',
    explain:
      '`revisions` has a function for each revision of the library that the driver is written for. It is given the ' +
      'library and returns the template: an object with the callbacks.',
    exit: 2,
  },
  'LMP-610': {
    title: 'a driver that cannot be held to the contract',
    explain:
      'The checks of the contract add and remove paths by the driver’s battery port (`battery`). The driver has none, ' +
      'or no model on the library.',
    exit: 2,
  },
  'LMP-611': {
    title: 'a part of a driver that is missing or of the wrong type',
    explain: 'The type `Driver` of @libmultipath/driver-kit says what a driver consists of; a compiler shows the rest.',
    exit: 2,
  },
});

/** Numbered errors of the driver kit. */
export const driverKitErrors = errors.catalogue;
