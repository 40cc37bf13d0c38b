// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type AnyDriver, type GuestPort, type Json, type VmSpec } from '@libmultipath/contract';
import type { Kernel } from '@libmultipath/vm-images';
import type { MachineLog } from './artifacts.js';
import type { Laboratory, LabMachine } from './laboratory.js';

export interface BenchOptions {
  readonly lab: Laboratory;
  readonly kernel: Kernel;
  readonly spec: VmSpec;
  readonly onBoot: (machine: LabMachine) => void;
  readonly log?: MachineLog | undefined;
  /** Looks at a machine before it is used; what it throws stands for every scenario that needs the machine. */
  readonly inspect?: ((port: GuestPort) => Promise<void>) | undefined;
}

/** One place for one machine at a time: boots it when it is needed, throws it away when it failed. */
export class Bench {
  private running: { readonly machine: LabMachine; readonly worlds: Map<string, unknown> } | undefined;

  /** Name of the scenario that ran last on the machine that runs. */
  lastScenario: string | undefined;

  private bootFailure: { readonly reason: unknown } | undefined;

  constructor(private readonly options: BenchOptions) {}

  get failed(): LabMachine['failed'] {
    return this.running?.machine.failed;
  }

  /** A machine runs, so what it holds may be left from before. */
  get used(): boolean {
    return this.running !== undefined;
  }

  /** The driver's world on the machine, in the state in which every scenario begins. */
  async cleanWorld(driver: AnyDriver, topology: unknown): Promise<unknown> {
    const { machine, worlds } = await this.machine();
    // A topology is what its schema gave for a YAML value: JSON.
    const key = `${driver.name} ${canonical(topology as Json)}`;
    if (!worlds.has(key)) worlds.set(key, await driver.guest.open(machine.port, topology));
    const world = worlds.get(key);
    await driver.guest.reset(world);
    return world;
  }

  /** Boots if nothing runs. */
  async machine(): Promise<{ readonly machine: LabMachine; readonly worlds: Map<string, unknown> }> {
    if (this.running !== undefined) return this.running;
    // One boot that failed is enough: the next scenario would wait as long for the same.
    if (this.bootFailure !== undefined) throw this.bootFailure.reason;
    const machine = await this.boot().catch((reason: unknown) => {
      this.bootFailure = { reason };
      throw reason;
    });
    this.running = { machine, worlds: new Map() };
    this.options.onBoot(machine);
    return this.running;
  }

  private async boot(): Promise<LabMachine> {
    const { lab, kernel, spec, log, inspect } = this.options;
    const machine = await lab.boot(kernel, spec, log);
    try {
      await inspect?.(machine.port);
    } catch (error) {
      await machine.close();
      throw error;
    }
    return machine;
  }

  /** Ends the machine, if one runs; gives kernel faults that came to light only now. */
  async clear(): Promise<readonly string[]> {
    const { running } = this;
    this.running = undefined;
    this.lastScenario = undefined;
    return running === undefined ? [] : (await running.machine.close()).faults;
  }
}
