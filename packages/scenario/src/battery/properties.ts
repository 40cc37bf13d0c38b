// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryHead } from '@libmultipath/contract';
import type { KObject, Machine, Property, Report } from '@libmultipath/kernel';
import { batteryWorldOf } from './world.js';

/** How a property finds the heads of a shape; nothing on another machine. */
export interface ShapeHeads {
  readonly heads: (machine: Machine) => readonly BatteryHead[];
  /** Would the path take a bio now? */
  readonly isUsable: (machine: Machine, dev: KObject) => boolean;
}

export const shapeHeads: ShapeHeads = {
  heads: (machine: Machine) => {
    const world = batteryWorldOf(machine);
    return world === undefined ? [] : world.port.heads(world.driver);
  },
  isUsable: (machine: Machine, dev: KObject): boolean => {
    const world = batteryWorldOf(machine);
    return world !== undefined && world.port.isUsable(world.driver, dev);
  },
};

/** Every bio ends: a second end is a report of the kernel's own. Asked when nobody is left who could end one. */
const biosComplete: Property = {
  name: 'every bio completes exactly once',
  class: 'lost-io',
  check: (machine) => {
    const run = batteryWorldOf(machine)?.run;
    if (run === undefined || !run.finished) return undefined;
    const lost = [...run.bios].filter(({ what }) => !what.completed).length;
    return lost === 0 ? undefined : `lost I/O: ${String(lost)} bio${lost === 1 ? '' : 's'} never completed`;
  },
};

/** After every path went and every file was closed, nothing is left: who still counts holds what nobody will put. */
const nothingRemains: Property = {
  name: 'references of heads, disks and paths are balanced',
  class: 'leak',
  check: (machine): readonly Report[] | undefined => {
    const world = batteryWorldOf(machine);
    if (world === undefined || !world.run.finished) return undefined;
    // Who cannot go on is a finding of its own, and holds what it holds.
    if (machine.tasks.some((task) => !task.done && (!task.service || task.busy))) return undefined;
    const { port, driver } = world;
    const left = (port.remains?.(driver) ?? port.heads(driver).map(({ object }) => object)).filter(
      ({ alloc }) => !alloc.freed,
    );
    const kinds = [...new Set(left.map(({ kind }) => kind))].sort();
    if (kinds.length === 0) return undefined;
    return kinds.map((kind) => ({
      class: 'leak',
      message: `a ${kind} is left after every path was removed and every file closed`,
      object: kind,
      task: '',
      site: undefined,
      stack: ['references balanced'],
      others: [],
    }));
  },
};

/** What must hold of every shape beyond what the kernel reports and what is asked of every machine. */
export const batteryProperties: readonly Property[] = [biosComplete, nothingRemains];
