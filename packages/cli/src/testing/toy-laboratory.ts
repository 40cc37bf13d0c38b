// SPDX-License-Identifier: GPL-2.0-only
import type { Incident, VmSpec } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import { ToyGuest, type ToyGuestOptions } from '@libmultipath/scenario/testing/toy-guest';
import type { Kernel, KernelRequest } from '@libmultipath/vm-images';
import type { MachineLog } from '../verify/artifacts.js';
import type { Laboratory, LabMachine } from '../verify/laboratory.js';

export interface ToyMachineOptions extends Omit<ToyGuestOptions, 'onCall'> {
  /** Makes an operation on a path fail with this, and the machine with it. */
  readonly failsAt?: { readonly path: string; readonly error: LmpError };
  /** Faults that come to light only when the machine is ended. */
  readonly lateFaults?: readonly string[];
  /** What happened to the boot before it. */
  readonly before?: Pick<Incident, 'kind' | 'detail'>;
  /** The boot itself fails. */
  readonly bootFails?: LmpError;
}

/** Machines that are objects: the n-th boot gets the n-th options, the last ones again and again. */
export class ToyLaboratory implements Laboratory {
  boots = 0;
  /** Machines that run now. */
  live = 0;

  constructor(
    private readonly release: string,
    private readonly machines: readonly ToyMachineOptions[] = [{}],
  ) {}

  kernel(_request?: KernelRequest): Promise<Kernel> {
    return Promise.resolve({
      name: this.release.slice(0, 3),
      release: this.release,
      vmlinuzPath: '',
      builtin: new Set<string>(),
      contentKey: this.release,
    });
  }

  async boot(_kernel?: Kernel, _spec?: VmSpec, log?: MachineLog): Promise<LabMachine> {
    const options = this.machines[Math.min(this.boots, this.machines.length - 1)] ?? {};
    this.boots++;
    await Promise.resolve();
    if (options.bootFails !== undefined) throw options.bootFails;
    this.live++;
    log?.onConsole(`Linux version ${this.release}`);
    let failed: LmpError | undefined;
    const { failsAt, lateFaults, before, bootFails: _boot, ...guest } = options;
    const port = new ToyGuest({
      ...guest,
      release: this.release,
      onCall: (_op, path) => {
        if (failed === undefined && path === failsAt?.path) failed = failsAt.error;
        if (failed !== undefined) throw failed;
      },
    });
    return {
      before,
      port: log?.listening(port) ?? port,
      banner: { release: this.release, accelerator: 'tcg', qemu: '0', bootSeconds: 1 },
      get failed() {
        return failed;
      },
      close: () => {
        this.live--;
        return Promise.resolve({ faults: failed === undefined ? (lateFaults ?? []) : [] });
      },
    };
  }
}
