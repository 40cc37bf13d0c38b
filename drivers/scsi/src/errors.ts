// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/driver-kit';

export const errors = defineErrors({
  'LMP-250': {
    title: 'the SCSI model lost count of itself',
    explain:
      'A function of the model met an object of a kind or in a state that its own code never puts there. This is a ' +
      'fault of the driver package, not of a scenario.',
    exit: 70,
  },
  'LMP-251': {
    title: 'the simulated SCSI hardware was set up with something it cannot be',
    explain:
      'A logical unit, a target port group or an injected completion was described with a value that no device can ' +
      'have: a group that the array does not have, a designator of more than 255 bytes, an access state that is no ' +
      'nibble. Correct the description.',
    exit: 2,
  },
});

/** Numbered errors of the SCSI driver package (LMP-250 to LMP-289). */
export const scsiErrors = errors.catalogue;
