// SPDX-License-Identifier: GPL-2.0-only
import { LmpError, defineErrors } from '@libmultipath/errors';
import type { KernelFault } from './fault-watch.js';
import type { QmpCommandName } from './qmp-types.js';

const harness = defineErrors({
  'LMP-701': {
    title: 'QEMU is not installed',
    explain:
      'Virtual machines are run by qemu-system-x86_64, which was not found in PATH. On Debian it is in the package qemu-system-x86: `apt-get install --no-install-recommends qemu-system-x86`.',
    exit: 2,
  },
  'LMP-702': {
    title: 'QEMU ended before the guest was ready',
    explain:
      'The QEMU process exited during start-up. What it printed to standard error is in the message: an option it does not know, a device a driver named wrongly, an accelerator that aborts, or too little memory.',
    exit: 2,
  },
  'LMP-703': {
    title: 'QEMU ended under a running guest',
    explain:
      'The guest was ready, then the QEMU process ended without being asked: it was killed from outside (out of memory?), crashed, or the guest powered itself off or restarted. The message has the exit status, the last shutdown reason and the last lines of the console.',
    exit: 2,
  },
  'LMP-704': {
    title: 'The guest was not ready in time',
    explain:
      'QEMU ran, but the agent did not answer before the boot deadline. The console lines in the message show how far the kernel came. Nothing on the console at all usually means that the file is no kernel for this machine (x86-64), or that the accelerator cannot run it.',
    exit: 2,
  },
  'LMP-705': {
    title: 'The file is no bootable kernel',
    explain:
      'A kernel is given as a bzImage for x86 (boot header `HdrS`), as in arch/x86/boot/bzImage or /boot/vmlinuz-*, or as an ELF vmlinux with a PVH note.',
    exit: 2,
  },
  'LMP-706': {
    title: 'setpriv is not installed',
    explain:
      'QEMU is started through `setpriv --pdeathsig KILL`, so that it ends with its parent even when that is killed. setpriv is in the Debian package util-linux (2.33 or later).',
    exit: 2,
  },
  'LMP-707': {
    title: 'The run directory cannot be written',
    explain:
      'Each virtual machine has a private directory under the temporary directory (TMPDIR, otherwise /tmp) for its sockets and block files. It could not be made or written; the message has the reason.',
    exit: 2,
  },
  'LMP-708': {
    title: 'No room for the block files',
    explain:
      'The block files of a virtual machine are sparse, but the guest may fill them. A full disk would show up in the guest as a failing device and be mistaken for what the kernel does, so the room is asked for first.',
    exit: 2,
  },
  'LMP-709': {
    title: 'The path of the run directory is too long',
    explain: 'A unix socket path holds at most 107 bytes. Set TMPDIR to a shorter directory.',
    exit: 2,
  },
  'LMP-710': {
    title: 'The guest channel is dead',
    explain:
      'The agent closed its end of the virtio-serial port while QEMU went on, so no call can be answered any more. The agent ends only when it is told to, or when it crashes: the console lines in the message may say why.',
    exit: 2,
  },
  'LMP-711': {
    title: 'The guest answered garbage',
    explain:
      'A line on the guest channel was not one the protocol knows: no JSON, too long, an id nobody asked with, or a result of the wrong shape. The message shows it, escaped and cut. An image with an older agent is the usual reason: remove it from the cache and let it be built again.',
    exit: 2,
  },
  'LMP-712': {
    title: 'The guest does not answer',
    explain:
      'A call passed its deadline, slack included. The guest hangs, or the machine is so loaded that it makes no progress. It is not counted as a kernel fault, because time alone never decides a verdict; the console is watched for the kernel’s own reports of hangs.',
    exit: 2,
  },
  'LMP-713': {
    title: 'QEMU refused a command',
    explain: 'QEMU answered a QMP command with an error; its class and description are in the message.',
    exit: 2,
  },
  'LMP-714': {
    title: 'QEMU does not answer',
    explain: 'A QMP command passed its deadline. The QEMU process hangs or is stopped.',
    exit: 2,
  },
  'LMP-715': {
    title: 'The QMP connection is dead',
    explain: 'QEMU closed the control socket or sent something that is no QMP.',
    exit: 2,
  },
  'LMP-716': {
    title: 'Too many calls at once',
    explain: 'More calls are waiting for the guest than the channel allows. A step issues calls without awaiting them.',
    exit: 70,
  },
  'LMP-717': {
    title: 'The guest keeps a device',
    explain:
      'A device was to be unplugged, and the guest has not given it up within the deadline, or said that it cannot. Its kernel may have no driver for the slot, or the removal waits for somebody: the console and the stacks of the guest’s kernel threads tell.',
    exit: 2,
  },
  'LMP-720': {
    title: 'The guest’s kernel reported a fault',
    explain:
      'The kernel printed a panic, an oops, BUG:, WARNING:, a hung task, a lockup or a sanitizer or lockdep report on its console. The lines are in the message. A driver that provokes one on purpose declares it with expectFault().',
    exit: 3,
  },
  'LMP-721': {
    title: 'The guest ran out of memory',
    explain:
      'The kernel killed a process, or panicked, for want of memory, or had no room for its initramfs. That says nothing about the kernel: the machine is too small for what the scenario does. Give the nodes of the topology more memory, or take smaller and fewer devices.',
    exit: 2,
  },
  'LMP-730': {
    title: 'The machine described cannot be built',
    explain:
      'A VmSpec names a port, node or block that it does not have, uses an id twice, or exceeds what a q35 machine holds.',
    exit: 2,
  },
  'LMP-740': {
    title: 'The virtual machine was ended',
    explain:
      'It was told to end (close(), endAllVms(), a signal to the program) while calls or the boot were under way.',
    exit: 2,
  },
  'LMP-741': {
    title: 'QEMU does not end',
    explain:
      'The process survived SIGKILL for longer than the deadline: it sits in an uninterruptible system call of the host.',
    exit: 70,
  },
});

/** The harness's numbers with the texts `mpath explain` prints. */
export const harnessErrors = harness.catalogue;

export const fail = harness.fail;

/**
 * The guest's kernel reported a fault (LMP-720, exit 3), or that memory ran out (LMP-721), which is no fault of
 * its own; `fault` has the decoded lines.
 */
export class KernelFaultError extends LmpError {
  constructor(readonly fault: KernelFault) {
    const lacksMemory = fault.kind === 'out-of-memory';
    const what = lacksMemory ? 'the guest ran out of memory' : `kernel fault in the guest (${fault.kind})`;
    super(lacksMemory ? 'LMP-721' : 'LMP-720', {
      message: `${what}: ${fault.headline}\n${fault.lines.map((line) => `  | ${line}`).join('\n')}`,
      where: 'console',
      todo: lacksMemory
        ? 'give the nodes of the topology more memory, or take smaller and fewer devices'
        : 'read the lines above as any kernel report; expectFault() declares one that is meant',
    });
  }
}

/** QEMU answered a QMP command with an error (LMP-713). */
export class QmpRefusal extends LmpError {
  constructor(
    readonly command: QmpCommandName,
    /** QMP error class, e.g. `GenericError`, `DeviceNotFound`. */
    readonly errorClass: string,
    readonly description: string,
  ) {
    super('LMP-713', { message: `QEMU refused ${command}: ${errorClass}: ${description}`, where: 'QMP' });
  }
}
