// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-401': {
    title: 'a scenario file is no YAML that the language allows',
    explain:
      'A scenario is one YAML 1.2 document of at most 256 KiB: mappings, lists and scalars. Anchors, aliases, tags, ' +
      'repeated keys, keys that are no plain text and more than 32 levels are refused.',
    exit: 2,
  },
  'LMP-402': {
    title: 'a key that the scenario language does not have',
    explain:
      'The mapping at that place has a fixed set of keys; the nearest ones are offered. The JSON Schema beside a ' +
      'driver’s scenarios lets an editor complete them.',
    exit: 2,
  },
  'LMP-403': {
    title: 'a value of the wrong type or outside its range',
    explain: 'The message says what the place takes and what stands there.',
    exit: 2,
  },
  'LMP-404': { title: 'a key is missing', explain: 'The mapping at that place needs the key named.', exit: 2 },
  'LMP-405': {
    title: 'an unknown step',
    explain: 'Steps are words of the driver that the scenario names; `mpath drivers NAME` lists them with examples.',
    exit: 2,
  },
  'LMP-406': {
    title: 'an unknown observation',
    explain:
      'Observations are words of the driver that the scenario names; `mpath drivers NAME` lists them with examples.',
    exit: 2,
  },
  'LMP-407': {
    title: 'a scenario names a driver that is not there',
    explain: 'Drivers are listed in mpath.config.ts; `mpath drivers` prints those that were found.',
    exit: 2,
  },
  'LMP-408': {
    title: 'a name that nothing introduced',
    explain:
      'A step or observation refers to a name that neither the topology declares nor an earlier step binds (`as: NAME`).',
    exit: 2,
  },
  'LMP-409': {
    title: 'two observations of one label',
    explain:
      'The value of an observation stands in the outcome under its label: the word, or the word and its argument. ' +
      'Where two would be the same, give one of them a label of its own: `observe: { WORD: ARGUMENT, as: LABEL }`.',
    exit: 2,
  },
  'LMP-410': {
    title: 'a scenario’s name is not its file’s',
    explain: 'The scenario NAME stands in NAME.scenario.yaml, so that a name on the command line finds its file.',
    exit: 2,
  },
  'LMP-411': {
    title: 'an unknown feature in `needs`',
    explain: 'Features are the driver’s; `mpath drivers NAME` lists them with the kernel that brought each.',
    exit: 2,
  },
  'LMP-412': {
    title: 'a `$` word without a value',
    explain:
      '`$window` stands for the number of seconds of the key `window`, so that a scenario which waits for a timer can ' +
      'be repeated with a wider one. No other such word exists.',
    exit: 2,
  },
  'LMP-413': {
    title: 'an entry that is not one step',
    explain:
      'Each entry of `steps` is one mapping with one verb, a bare verb where it takes no argument, or `observe:` with ' +
      'one observation or a list of them.',
    exit: 2,
  },
  'LMP-414': {
    title: '`demand` names no observation of the scenario',
    explain: '`demand: { LABEL: VALUE }` takes the label of one observation and the value the scenario is about.',
    exit: 2,
  },
  'LMP-415': {
    title: 'a name is bound twice',
    explain: 'A name that a step introduces (`as: NAME`) must be new: later entries refer to it.',
    exit: 2,
  },
  'LMP-416': {
    title: 'scenario files cannot be read',
    explain: 'The folder or file named could not be read; the message has the reason of the operating system.',
    exit: 2,
  },
  'LMP-417': {
    title: 'a word of a driver fails while a scenario is read',
    explain:
      'The argument schema, `refers` or `binds` of a driver’s word threw an exception. They must be pure and take ' +
      'whatever the word’s own schema accepts. This is a fault of the driver.',
    exit: 70,
  },
  'LMP-420': {
    title: 'a step or observation failed in the guest',
    explain:
      'The guest did not do what the word does, or did not reach the state it waits for before its deadline. Nothing ' +
      'can be said about the kernel then: the row is `error`. The reason given by the guest stands in the message.',
    exit: 2,
  },
  'LMP-421': {
    title: 'a word that exists on the model only',
    explain:
      'The words of the standard battery do to a driver what no guest can be told to do (fail the next command of a ' +
      'path, make a controller dead), so its shapes are explored on models and never verified against a kernel.',
    exit: 2,
  },
});

/** Numbered errors of the scenario language. */
export const scenarioErrors = errors.catalogue;
