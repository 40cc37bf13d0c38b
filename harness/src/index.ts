// SPDX-License-Identifier: GPL-2.0-only

export { bootVm } from './boot-vm.js';
export { chooseAccelerator, type Accelerator, type AcceleratorOptions } from './accelerator.js';
export {
  DEFAULT_TIMEOUTS,
  type BootImage,
  type BootKernel,
  type BootOptions,
  type Vm,
  type VmBanner,
  type VmEnd,
  type VmTimeouts,
} from './vm.js';
export { endAllVms, liveVmCount } from './live-vms.js';
export { exitCodeOf, onEndSignals, type EndSignal } from './signals.js';
export { KernelFaultError, QmpRefusal, harnessErrors } from './errors.js';
export type { FaultKind } from './fault-patterns.js';
export type { ExpectedFault, FaultExpectation, KernelFault } from './fault-watch.js';
export type { GuestEvent } from './guest-channel.js';
export { BASE_KERNEL_ARGS, lowerSpec, type AcceleratorName, type RunPaths } from './lower-spec.js';
export { DEFAULT_QEMU, qemuVersion } from './qemu-binary.js';
export { QmpClient } from './qmp-client.js';
export type { QmpCommandName, QmpCommands, QmpEventName, QmpEvents, QmpPciDevice, QmpVersion } from './qmp-types.js';
export { sweepStaleRunDirs } from './run-dir.js';
