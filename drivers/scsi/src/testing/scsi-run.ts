// SPDX-License-Identifier: GPL-2.0-only
import { leaks, Machine, virtualTime, withCurrent, type Report, type Steps } from '@libmultipath/driver-kit';
import type { ScsiEnvironmentParts } from '../environment/parts.js';
import { no_multipath, type scsi_multipath } from '../environment/multipath-ops.js';
import { scsi_core } from '../environment/scsi-core.js';
import { environment_7_3 } from '../kernels.js';

export interface ScsiRun<T> {
  readonly value: T;
  readonly reports: readonly Report[];
  readonly machine: Machine;
  /** What was printed, without levels. */
  readonly log: readonly string[];
}

/** Runs a user task on a fresh kernel, in virtual time, to its end and until nobody has anything to do. */
export const scsiRun = <T>(
  body: (core: scsi_core) => Steps<T>,
  parts: ScsiEnvironmentParts = environment_7_3,
  mpath: scsi_multipath = no_multipath,
): ScsiRun<T> => {
  const machine = new Machine({ maxSteps: 400_000 });
  const core = withCurrent(machine, undefined, () => new scsi_core(parts, mpath));
  const found: { value: T }[] = [];
  machine.spawn('test', function* () {
    found.push({ value: yield* body(core) });
  });
  const end = machine.run(virtualTime());
  const [result] = found;
  const reports = [...machine.reports, ...leaks(machine, [core])];
  if (result === undefined) {
    const why = reports.map(({ message }) => message).join('; ');
    throw new Error(`the task did not end (${end}): ${why}`);
  }
  return { value: result.value, reports, machine, log: machine.log.map(({ text }) => text) };
};
