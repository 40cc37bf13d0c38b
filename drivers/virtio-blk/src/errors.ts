// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/driver-kit';

export const errors = defineErrors({
  'LMP-291': {
    title: 'a step of a scenario could not be done on the model of virtio disks',
    explain:
      'A word that must succeed did not: for example `attach` of a disk that is plugged in already, or a setting that ' +
      'needs the multipath disk before there is one. Correct the order of the steps.',
    exit: 2,
  },
  'LMP-292': {
    title: 'the virtio-blk model lost count of itself',
    explain:
      'A function of the model met an object of a kind that its own code never puts there. This is a fault of the ' +
      'driver package, not of a scenario.',
    exit: 70,
  },
  'LMP-293': {
    title: 'the kernel lacks virtio-blk or dm-multipath',
    explain:
      'A released kernel shows the scenarios with dm-multipath over virtio disks: it needs CONFIG_VIRTIO_BLK, ' +
      'CONFIG_DM_MULTIPATH and its selector round-robin, built in or among the modules of the image (--modules).',
    exit: 2,
    unsupported: true,
  },
  'LMP-294': {
    title: 'the disks of the topology are not all in the guest',
    explain: 'After boot each disk that the topology names must be there with its serial. The console says why not.',
    exit: 2,
  },
  'LMP-295': {
    title: 'something a step waits for did not happen on the virtio disks',
    explain:
      'A step waits for a state with a wide deadline, and the state did not come. If the machine is not overloaded, ' +
      'the kernel does not do what the scenario expects: the console shows how far it came.',
    exit: 2,
  },
  'LMP-296': {
    title: 'the guest is not clean between two scenarios of virtio disks',
    explain: 'Every scenario begins without disks and without a multipath device. Something is left; boot it again.',
    exit: 2,
  },
  'LMP-297': {
    title: 'a label of a virtio disk, a read or a load is unknown in the guest',
    explain:
      'The scenario reader checks labels, so this is a fault of ours: steps ran in another order than they stand.',
    exit: 70,
  },
  'LMP-298': {
    title: 'the device mapper refused a request',
    explain: 'An ioctl on /dev/mapper/control that must succeed did not; the message has the errno and the table.',
    exit: 2,
  },
});

/** Numbered errors of the virtio-blk driver package (LMP-291 to LMP-298). */
export const virtioErrors = errors.catalogue;
