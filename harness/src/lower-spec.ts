// SPDX-License-Identifier: GPL-2.0-only
import type { VmSpec } from '@libmultipath/contract';
import { checkReferences, lowerDevices, option } from './lower-devices.js';
import { lowerNodes, lowerPorts } from './lower-nodes.js';

/** How the guest's processors are run. */
export type AcceleratorName = 'kvm' | 'tcg';

/** Everything of one run that is no property of the machine described. */
export interface RunPaths {
  readonly kernelPath: string;
  readonly imagePath: string;
  readonly qmpSocket: string;
  readonly agentSocket: string;
  readonly consoleSocket: string;
  /** Block id → file. */
  readonly blockFiles: ReadonlyMap<string, string>;
  /** A full copy of the console, when one is wanted. */
  readonly consoleLog?: string;
}

/** Name of the agent's port, `/dev/virtio-ports/…` in the guest. */
export const AGENT_PORT = 'org.libmultipath.agent';
/** QMP id of the agent's port. */
export const AGENT_PORT_ID = 'lmp.port';

/**
 * `loglevel=5` instead of `quiet`: the kernel prints WARNING and lockdep reports at level
 * 4, which `quiet` keeps from the console, and a report that is not printed is not seen.
 * `panic=-1` restarts at once, which `-no-reboot` turns into the end of QEMU. The crypto
 * self-tests are a fifth of the processor time of an emulated boot.
 */
export const BASE_KERNEL_ARGS: readonly string[] = ['console=ttyS0', 'loglevel=5', 'panic=-1', 'cryptomgr.notests'];

/** Without the devices no guest of ours uses; each costs the kernel a probe at boot. */
export const BOARD = 'q35,sata=off,smbus=off,vmport=off,smm=off';

export const ACCELERATION: Readonly<Record<AcceleratorName, readonly string[]>> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  // Four levels of page tables instead of five: every emulated table walk is shorter. The emulator
  // (7.2) spoils the flags after CMPXCHG16B, and the slab allocator of 6.12 uses it: without, it has another way.
  // One thread takes turns among the guest's processors, in the middle of what they do and whenever one spins: with
  // a thread each, a processor now and then runs into a breakpoint that another has already patched away (`Oops: int3`),
  // or stands still while the memory types are set; and two machines side by side are slower.
  tcg: ['-accel', 'tcg,thread=single', '-cpu', 'max,la57=off,cx16=off'],
};

/**
 * Every argument of QEMU for one machine. Nothing in it names a port number or a path
 * outside the run directory, the kernel and the image, so two runs share nothing.
 * @throws LMP-730 the spec contradicts itself or exceeds the machine
 */
export const lowerSpec = (spec: VmSpec, accelerator: AcceleratorName, paths: RunPaths): string[] => {
  checkReferences(spec);
  const socket = (id: string, path: string, more: Record<string, string> = {}): string =>
    option('socket', { id, path, ...more });
  const log = paths.consoleLog === undefined ? {} : { logfile: paths.consoleLog };
  return [
    ...['-name', 'mpath-vm', '-no-user-config', '-nodefaults', '-no-reboot', '-display', 'none'],
    ...['-machine', BOARD],
    ...ACCELERATION[accelerator],
    ...lowerNodes(spec),
    ...['-kernel', paths.kernelPath, '-initrd', paths.imagePath],
    ...['-append', [...BASE_KERNEL_ARGS, ...spec.kernelArgs].join(' ')],
    ...['-chardev', socket('lmp.qmp', paths.qmpSocket), '-mon', 'chardev=lmp.qmp,mode=control'],
    ...['-chardev', socket('lmp.console', paths.consoleSocket, log), '-serial', 'chardev:lmp.console'],
    ...['-chardev', socket('lmp.agent', paths.agentSocket)],
    ...lowerPorts(spec),
    ...['-device', option('virtio-serial-pci', { id: 'lmp.serial', bus: 'pcie.0', max_ports: 2 })],
    ...[
      '-device',
      option('virtserialport', { id: AGENT_PORT_ID, bus: 'lmp.serial.0', chardev: 'lmp.agent', name: AGENT_PORT }),
    ],
    ...lowerDevices(spec, paths.blockFiles),
  ];
};
