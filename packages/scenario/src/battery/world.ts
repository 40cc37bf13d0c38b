// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryPort, BatteryTopology } from '@libmultipath/contract';
import { KObject, type bio, type file, type gendisk, type Machine } from '@libmultipath/kernel';

/** An open file of a shape: of the head's disk, or of its char device. */
export class battery_file extends KObject {
  /** Bios submitted through it that have not ended. */
  pending = 0;
  closed = false;

  constructor(
    readonly disk: gendisk | null,
    readonly chr: file | null,
  ) {
    super();
  }
}

/** A bio of a shape, and what it carries. */
export interface SubmittedBio {
  readonly what: bio;
  readonly block: number;
  /** What it writes; empty: it reads. */
  readonly data: string;
}

/** What a shape has done so far: a root in the state of the machine. */
export class battery_run extends KObject {
  /** By the label that the shape gives them. */
  readonly files = new Map<string, battery_file>();
  /** In no order: tasks that submit through one file do not wait for each other. */
  readonly bios = new Set<SubmittedBio>();
  /** The present head's disk as one finds it in /dev; looked up while all is at rest. */
  disk: gendisk | null = null;
  /** Number of its char device's node; 0: there is none. */
  devt = 0;
  /** Every path was removed and every file closed, or is about to be: what is left at the end should not be there. */
  finished = false;
  /** Tasks that entries have started: their names are new each time. */
  tasks = 0;
}

const GLOBAL = 'battery';
const worlds = new WeakMap<battery_run, BatteryWorld>();

/** The driver's world with the battery's own side. No state of the kernel but `run` and what the driver registers. */
export class BatteryWorld {
  readonly run = new battery_run();

  constructor(
    // The driver's types are its own business: values of its world go back to it alone.
    readonly port: BatteryPort<unknown, unknown>,
    readonly driver: unknown,
    readonly shape: BatteryTopology,
    machine: Machine,
  ) {
    machine.globals.set(GLOBAL, this.run);
    worlds.set(this.run, this);
  }

  /** Finds the head in /dev. While all is at rest: it takes no step. */
  look(): void {
    const [head] = this.port.heads(this.driver).filter(({ live }) => live);
    this.run.disk = head?.disk ?? null;
    this.run.devt = head?.cdev?.dev ?? 0;
  }
}

/** The battery's world on a machine that a shape was made on. */
export const batteryWorldOf = (machine: Machine): BatteryWorld | undefined => {
  const run = machine.globals.get(GLOBAL);
  return run instanceof battery_run ? worlds.get(run) : undefined;
};

/** Does a shape on the machine keep files open to its end? They hold what an open file holds. */
export const keepsFilesOpen = (machine: Machine): boolean => batteryWorldOf(machine)?.run.finished === false;
