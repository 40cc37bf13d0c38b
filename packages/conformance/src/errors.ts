// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-501': {
    title: 'a recording cannot be read or written',
    explain:
      'Recordings stand in `recordings/KERNEL.json` beside a driver’s scenarios. The message has the reason of the operating system.',
    exit: 2,
  },
  'LMP-502': {
    title: 'a recording of a newer version',
    explain:
      'The recording was written by a newer version of this program, in a form this one does not know. Update, or record again.',
    exit: 2,
  },
  'LMP-503': {
    title: 'a file that is no recording',
    explain: 'Expected is JSON of the schema `mpath.recording/1` as `mpath verify --record` writes it.',
    exit: 2,
  },
  'LMP-504': {
    title: 'a recording does not fit the scenario',
    explain:
      'The recorded outcomes have other observations than the scenario: it was changed since. Record it again with ' +
      '`mpath verify --record` on that kernel.',
    exit: 2,
  },
  'LMP-505': {
    title: 'the model was not explored completely',
    explain:
      'The set of outcomes is only known when every schedule within the bound was explored. Below that nothing can be ' +
      'said about the kernel: the row is `error`.',
    exit: 2,
  },
  'LMP-506': {
    title: 'the demanded order did not come about',
    explain:
      'The scenario is about one order of a timer and an event. It was repeated with twice and four times the window, ' +
      'and the kernel still showed another order. Give `window` more seconds. Where no schedule of the model has the ' +
      'order and the kernel has, or each that has it ends in a report of the simulated kernel and the kernel had none, ' +
      'the verdict is `diverge`.',
    exit: 2,
  },
  'LMP-507': {
    title: 'the model failed while it was explored',
    explain: 'The model threw an exception or ran beyond its bound of steps. This is a fault of the driver’s model.',
    exit: 70,
  },
  'LMP-509': {
    title: 'a list of discriminating observations that is none',
    explain:
      '`discriminating.json` beside a driver’s scenarios says which observations some mutant of the model changes. It is ' +
      'written by `npm run bench -- discrimination --write`, not by hand.',
    exit: 2,
  },
  'LMP-508': {
    title: 'nothing was recorded of a scenario',
    explain:
      'The recording of that kernel holds no outcome of the scenario, so without a machine there is nothing to compare ' +
      'with. Run `mpath verify SCENARIO --kernel NAME --record` where machines can be booted.',
    exit: 2,
  },
});

/** Numbered errors of the comparison. */
export const conformanceErrors = errors.catalogue;
