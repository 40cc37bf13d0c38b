// SPDX-License-Identifier: GPL-2.0-only
import type { ErrorEntry } from '@libmultipath/driver-kit';

/** Numbers of the guest side, LMP-220 to LMP-249; part of the driver's one catalogue. */
export const guestErrorEntries = {
  'LMP-220': {
    title: 'the kernel has no NVMe driver',
    explain:
      'There is no PCI driver called nvme in the guest: it is neither built in nor among the modules of the image. ' +
      'Such a kernel cannot be compared. Take one with CONFIG_BLK_DEV_NVME, and give its modules with --modules ' +
      'where it is one.',
    exit: 2,
    unsupported: true,
  },
  'LMP-221': {
    title: 'the controllers of the topology are not all in the guest',
    explain:
      'After boot each controller that the topology names must come up live. Fewer did. The console of the guest ' +
      'says what the nvme driver disliked; a machine that is only slow needs more time.',
    exit: 2,
  },
  'LMP-222': {
    title: 'tracing in the guest could not be set up',
    explain:
      'The path of each bio and the order of events are read from tracefs: CONFIG_FTRACE, CONFIG_EVENT_TRACING, ' +
      'CONFIG_BLK_DEV_IO_TRACE and CONFIG_KPROBE_EVENTS must be on in the kernel.',
    exit: 2,
  },
  'LMP-223': {
    title: 'the trace of a scenario is not complete',
    explain:
      'The trace buffer is bounded, and more happened than fits. What is left could look like something that did not ' +
      'happen, so no value is taken from it. Make the load of the scenario shorter.',
    exit: 2,
  },
  'LMP-224': {
    title: 'a controller did not become usable after attach',
    explain:
      'The bus was scanned again, but in time the controller was not live, its path disk was not there, or its ' +
      'namespace scan had not ended. The message says which.',
    exit: 2,
  },
  'LMP-225': {
    title: 'a controller did not go after detach',
    explain:
      'The orderly removal of the PCI device did not end in time. Something in the kernel waits: see the console.',
    exit: 2,
  },
  'LMP-226': {
    title: 'the guest is not clean between two scenarios',
    explain:
      'Every scenario begins with nothing attached, no head, no subsystem and no descriptor held. Something is left, ' +
      'so what the next scenario shows would not be its own. The message names it. The guest has to be booted again.',
    exit: 2,
  },
  'LMP-227': {
    title: 'a step needs a head or a subsystem, and there is none',
    explain: 'The order of the steps is wrong, or the kernel made no head disk. Attach a controller first.',
    exit: 2,
  },
  'LMP-228': {
    title: 'something a step waits for did not happen',
    explain:
      'A step waits for a state with a wide deadline, and the state did not come. If the machine is not overloaded, ' +
      'the kernel does not do what the scenario expects: the trace and the console show how far it came.',
    exit: 2,
  },
  'LMP-229': {
    title: 'native multipath is off in this kernel',
    explain:
      'nvme_core has no parameter called multipath (CONFIG_NVME_MULTIPATH is off), or it is N. Without it there is no ' +
      'head disk, and nothing to compare.',
    exit: 2,
    unsupported: true,
  },
  'LMP-230': {
    title: 'the kernel refused a setting that a step needs',
    explain:
      'A `set-…` step must succeed. Use the `try-…` form to observe the errno, or say with `needs:` which feature the ' +
      'scenario needs.',
    exit: 2,
  },
  'LMP-231': {
    title: 'a scenario uses a label that nothing has introduced in the guest',
    explain:
      'The scenario reader checks labels, so this is a fault of ours: the steps ran in another order than they stand.',
    exit: 70,
  },
  'LMP-232': {
    title: 'the topology cannot be emulated',
    explain:
      'A shared namespace is on every controller of the subsystem, a private one on exactly one: that is what the ' +
      'emulated subsystem can do.',
    exit: 2,
  },
  'LMP-233': {
    title: 'the kernel has no NVMe target that could be set up',
    explain:
      'A topology with `transport: tcp` sets a target up in the guest itself, through configfs: nvmet, nvmet-tcp, ' +
      'nvme-tcp and null_blk. The message has the first thing that the kernel refused.',
    exit: 2,
    unsupported: true,
  },
  'LMP-234': {
    title: 'a step needs a target, and the topology has none',
    explain: 'ANA and namespaces that come and go need `transport: tcp` in the topology: a target in the guest itself.',
    exit: 2,
  },
  'LMP-235': {
    title: 'nothing can be unplugged here',
    explain:
      '`unplug` and `plug` take devices out of the emulated machine and put them in. The guest that the scenario runs ' +
      'in was reached without its machine.',
    exit: 2,
  },
  'LMP-236': {
    title: 'the transport cannot be unloaded from this kernel',
    explain:
      '`unload-transport` unloads the module nvme-tcp. Where it is built into the kernel, or was not brought in the ' +
      'image, there is nothing to unload.',
    exit: 2,
    unsupported: true,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
