// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  leaks,
  libV3,
  list_entries,
  Machine,
  mpath_head,
  settle,
  singleNode,
  virtualTime,
  withCurrent,
  type gendisk,
  type LibV3,
  type NumaTopology,
  type Program,
  type Report,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_core } from '../environment/scsi-core.js';
import type { scsi_device } from '../environment/scsi-device.js';
import type { scsi_multipath } from '../environment/multipath-ops.js';
import { environment_7_3 } from '../kernels.js';
import { template_multipath, type TemplateMultipath } from '../template/multipath.js';
import { scsi_multipath_param_set } from '../template/parameters.js';
import { v3TemplateParts, type TemplateParts } from '../template/parts.js';
import type { scsi_mpath_head } from '../template/scsi-mpath-head.js';

/** A kernel with the library and SCSI over it. */
export interface MpathWorld {
  readonly core: scsi_core;
  readonly mpath: TemplateMultipath;
}

export interface MpathOptions {
  readonly lib?: LibV3;
  readonly parts?: TemplateParts;
  /** Parameter `multipath`; default `always`. */
  readonly multipath?: string;
  readonly numa?: NumaTopology;
  /** Something else, or something more, in the place of what the template does. */
  readonly over?: (mpath: TemplateMultipath) => Partial<scsi_multipath>;
}

/** Boots the modules. To be called where KObjects may be made. */
const boot = ({ lib = libV3, parts = v3TemplateParts, multipath = 'always', over }: MpathOptions): MpathWorld => {
  lib.mpath_init();
  const mpath = template_multipath(lib, parts);
  if (scsi_multipath_param_set(mpath.globals, multipath) !== 0) throw new Error(`no mode: ${multipath}`);
  const ops = over === undefined ? mpath : { ...mpath, ...over(mpath) };
  return { core: new scsi_core(environment_7_3, ops), mpath };
};

export interface MpathRun<T> {
  readonly value: T;
  readonly reports: readonly Report[];
  readonly machine: Machine;
  readonly log: readonly string[];
}

/** Runs a user task on a fresh kernel, in virtual time, to its end and until nobody has anything to do. */
export const mpathRun = <T>(body: (world: MpathWorld) => Steps<T>, options: MpathOptions = {}): MpathRun<T> => {
  const machine = new Machine({ numa: options.numa ?? singleNode, maxSteps: 400_000 });
  const world = withCurrent(machine, undefined, () => boot(options));
  const found: { value: T }[] = [];
  machine.spawn('test', function* () {
    found.push({ value: yield* body(world) });
  });
  const end = machine.run(virtualTime());
  const [result] = found;
  const reports = [...machine.reports, ...leaks(machine, [world.core])];
  if (result === undefined) {
    throw new Error(`the task did not end (${end}): ${reports.map(({ message }) => message).join('; ')}`);
  }
  return { value: result.value, reports, machine, log: machine.log.map(({ text }) => text) };
};

export const messages = (reports: readonly Report[]): string[] => reports.map(({ message }) => message);

/** Heads that are on the list. */
export const headsOf = ({ mpath }: MpathWorld): readonly scsi_mpath_head[] =>
  list_entries(mpath.globals.scsi_mpath_heads_list);

export const onlyHead = (world: MpathWorld): scsi_mpath_head => {
  const [head, ...others] = headsOf(world);
  if (head === undefined || others.length > 0) throw new Error('expected one head');
  return head;
};

/** That head as the library has it. */
export const libraryHead = (world: MpathWorld): mpath_head => {
  const { mpath_head: found } = onlyHead(world);
  if (found instanceof mpath_head) return found;
  throw new Error('expected a head of v3');
};

/** The multipath disk of the only head. */
export const headDisk = (world: MpathWorld): gendisk => {
  const { disk } = libraryHead(world);
  if (disk === null) throw new Error('expected a disk');
  return disk;
};

export const pathDisk = ({ sdkp }: scsi_device): gendisk => {
  if (sdkp === null) throw new Error('expected a path with a disk');
  return sdkp.disk;
};

/**
 * A program: `set` until everybody is at rest, then the named tasks in every order.
 * @param outcome what a schedule came to, looked at after it
 */
export const mpathProgram = <S extends object>(
  name: string,
  options: MpathOptions,
  set: (world: MpathWorld) => Steps<S>,
  tasks: Readonly<Record<string, (state: S, world: MpathWorld) => Steps<void>>>,
  outcome: (state: S | undefined, world: MpathWorld) => unknown,
): Program => ({
  name,
  ...(options.numa === undefined ? {} : { options: { numa: options.numa } }),
  make: (machine) => {
    const world = boot(options);
    machine.globals.set('scsi', world.core);
    const seen: { state?: S } = {};
    machine.globals.set('seen', seen);
    machine.spawn('setup', function* () {
      const state = yield* set(world);
      yield* settle([state]);
      seen.state = state;
      for (const [task, body] of Object.entries(tasks)) currentMachine().spawn(task, () => body(state, world));
    });
    return { outcome: () => outcome(seen.state, world) };
  },
});
