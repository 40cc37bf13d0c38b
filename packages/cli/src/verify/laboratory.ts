// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort, Incident, VmSpec } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import type { Kernel, KernelRequest } from '@libmultipath/vm-images';
import type { MachineLog } from './artifacts.js';

/** A running machine, as far as the comparison needs it. */
export interface LabMachine {
  readonly port: GuestPort;
  readonly banner: {
    readonly release: string;
    readonly accelerator: string;
    readonly qemu: string;
    readonly bootSeconds: number;
  };
  /** What happened to the machine that was booted before it, in its place. */
  readonly before?: Pick<Incident, 'kind' | 'detail'> | undefined;
  /** Why it can no longer be used, once it cannot. */
  readonly failed: LmpError | undefined;
  /** Ends it; gives the kernel faults that nobody has seen as `failed` before. */
  close(): Promise<{ readonly faults: readonly string[] }>;
}

/** Where kernels and machines come from: the real one fetches and boots, a test's does neither. */
export interface Laboratory {
  kernel(request: KernelRequest): Promise<Kernel>;
  /** @param log keeps what the machine says and is asked, where somebody wants to read it afterwards */
  boot(kernel: Kernel, spec: VmSpec, log?: MachineLog): Promise<LabMachine>;
}
