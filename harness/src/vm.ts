// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, VmSpec } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import type { ExpectedFault, FaultExpectation, KernelFault } from './fault-watch.js';
import type { GuestEvent } from './guest-channel.js';
import type { AcceleratorName } from './lower-spec.js';
import type { QmpClient } from './qmp-client.js';

/** What the harness needs to know of a kernel; `Kernel` of vm-images is one. */
export interface BootKernel {
  /** A bzImage. */
  readonly vmlinuzPath: string;
}

/** What the harness needs to know of an initramfs; the result of `buildImage` is one. */
export interface BootImage {
  readonly path: string;
}

/** Every wait of a machine's life has a bound. */
export interface VmTimeouts {
  /** From the start of QEMU to the agent's first answer. */
  readonly bootMs: number;
  /** From the start of QEMU to the first byte on the console; unbounded when absent. */
  readonly firstOutputMs?: number;
  /** QEMU's start until it connects, and each QMP command. */
  readonly qmpMs: number;
  /** A guest call that names no deadline. */
  readonly callMs: number;
  /** What the host waits longer than the guest was told to. */
  readonly slackMs: number;
  /** From the agent's power-off to the end of QEMU. */
  readonly poweroffMs: number;
  readonly quitMs: number;
  readonly termMs: number;
  readonly killMs: number;
}

export const DEFAULT_TIMEOUTS: VmTimeouts = {
  bootMs: 120_000,
  qmpMs: 20_000,
  callMs: 10_000,
  slackMs: 5_000,
  poweroffMs: 15_000,
  quitMs: 5_000,
  termMs: 3_000,
  killMs: 10_000,
};

export interface BootOptions {
  readonly kernel: BootKernel;
  readonly image: BootImage;
  readonly spec: VmSpec;
  readonly accelerator: AcceleratorName;
  readonly timeouts?: Partial<VmTimeouts>;
  /** Every console line as it comes. */
  readonly onConsole?: (line: string) => void;
  /** Leaves the run directory, with a full `console.log`, for a look afterwards. */
  readonly keep?: boolean;
  /** Faults that are meant from the first line on. */
  readonly expectFaults?: readonly FaultExpectation[];
  /** Aborts the boot: QEMU ends, LMP-740. */
  readonly signal?: AbortSignal;
  /** Program, a name in PATH or a path. */
  readonly qemuPath?: string;
}

/** What a report prints about a machine. */
export interface VmBanner {
  /** Kernel release. */
  readonly release: string;
  readonly accelerator: AcceleratorName;
  /** QEMU version, `7.2.22`. */
  readonly qemu: string;
  /** From the start of QEMU to the agent's first answer. */
  readonly bootSeconds: number;
}

export interface VmEnd {
  /** What ended QEMU; `gone` when it had ended before it was asked. */
  readonly how: 'poweroff' | 'quit' | 'sigterm' | 'sigkill' | 'gone';
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Every kernel fault of its life, expected ones too. */
  readonly faults: readonly KernelFault[];
  /** Declared, and never seen. */
  readonly unmetExpectations: readonly FaultExpectation[];
  /** Where the run directory was left, with `keep`. */
  readonly keptDir: string | undefined;
}

/** A running machine. Whoever boots it closes it. */
export interface Vm {
  readonly port: GuestPort;
  readonly banner: VmBanner;
  readonly spec: VmSpec;
  readonly qmp: QmpClient;
  readonly pid: number;
  readonly runDir: string;
  /** The last console lines, oldest first (at most 4,000). */
  console(count?: number): readonly string[];
  /** Faults so far, expected ones too. */
  readonly faults: readonly KernelFault[];
  onFault(listener: (fault: KernelFault) => void): () => void;
  /** The last events of the agent (at most 64), those from before the boot was over included. */
  readonly guestEvents: readonly GuestEvent[];
  onGuestEvent(listener: (event: GuestEvent) => void): () => void;
  /** Declares one fault as meant: it is recorded, and ends nothing. */
  expectFault(expectation: FaultExpectation): ExpectedFault;
  /** Resolves when the machine can no longer be used, with the reason; not by `close()`. */
  readonly failure: Promise<LmpError>;
  /** The reason, once there is one. */
  readonly failed: LmpError | undefined;
  /**
   * Ends it: power-off by the agent, QMP quit, SIGTERM, SIGKILL, each with a deadline, and
   * removes the run directory. Again: the same end. `fast` starts with QMP quit.
   */
  close(options?: { readonly fast?: boolean }): Promise<VmEnd>;
}
