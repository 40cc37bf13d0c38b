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
  'LMP-252': {
    title: 'a step of a SCSI scenario cannot be carried out as the model stands',
    explain:
      'A step needs something that is not there at this point of the scenario: a path that is attached, or is not; a head; ' +
      'a state or a value that the kernel takes. Correct the order of the steps, or say in `needs:` which feature the ' +
      'scenario wants, so that models without it are left out.',
    exit: 2,
  },
  'LMP-260': {
    title: 'no kernel in a guest can carry the word out',
    explain:
      'SCSI multipath is in no released kernel, and what arrays and transports do cannot be asked of the emulated disks. ' +
      'Say `needs: [native-multipath]` for words about the head, `needs: [array]` for those about the target or the ' +
      'transport: the scenario is then explored on the models that have it and left out in guests.',
    exit: 2,
    unsupported: true,
  },
  'LMP-261': {
    title: 'the SCSI guest is not as it was set up',
    explain:
      'A path of the topology was not found in the guest by its serial number, or a label is used that the scenario never ' +
      'bound. The console of the guest says what virtio_scsi and sd found.',
    exit: 2,
  },
  'LMP-262': {
    title: 'QEMU cannot be this SCSI topology',
    explain:
      'A guest gets virtio-scsi adapters with plain disks: no ALUA, no other type, at most one designator that identifies ' +
      'the unit, an NAA of 16 digits. Other topologies are for the models.',
    exit: 2,
    unsupported: true,
  },
  'LMP-263': {
    title: 'a SCSI device of the guest did not come or go',
    explain:
      'A scan or a deletion did not lead to what it should in time, or the kernel refused the write. The message has the ' +
      'path and what stood there.',
    exit: 2,
  },
});

/** Numbered errors of the SCSI driver package (LMP-250 to LMP-289). */
export const scsiErrors = errors.catalogue;
