// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';
import type { LoadRecord, NvmeGuestWorld } from './world.js';

/** @throws LMP-231 */
export const loadRecordOf = (world: NvmeGuestWorld, label: string): LoadRecord => {
  const record = world.session.loads.get(label);
  if (record === undefined) throw errors.fail('LMP-231', { message: `no load is called ${label}` });
  return record;
};

/** The agent's handle. @throws LMP-231 it was stopped before */
export const runningLoad = (world: NvmeGuestWorld, label: string): number => {
  const { load } = loadRecordOf(world, label);
  if (load === undefined) throw errors.fail('LMP-231', { message: `the load ${label} has been stopped` });
  return load;
};
