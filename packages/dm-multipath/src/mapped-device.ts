// SPDX-License-Identifier: GPL-2.0-only
import { bio_list, KObject, makeStep, type gendisk, type Steps } from '@libmultipath/kernel';
import type { multipath } from './multipath.js';

/** Kernel: struct mapped_device: the disk, the table in use, and what waits while one takes the other's place. */
export class mapped_device extends KObject {
  /** The table's target. */
  m: multipath | null = null;
  /** DMF_BLOCK_IO_FOR_SUSPEND and DMF_NOFLUSH_SUSPENDING: bios wait in `deferred`. */
  suspended = false;
  /** Bios that were mapped and have not ended. */
  in_flight = 0;
  readonly deferred = new bio_list(this);
  /** How many tables it has had. */
  tables = 0;

  constructor(
    readonly name: string,
    readonly disk: gendisk,
  ) {
    super();
  }
}

const FULL = { ordering: 'full' } as const;

/** A bio arrives. @returns false: the table is suspended */
export function* begin_io(md: mapped_device): Steps<boolean> {
  yield makeStep('dm_start_io', md, 'in_flight', 'update', FULL);
  if (md.suspended) return false;
  md.in_flight++;
  return true;
}

/** A bio has ended, or was put back. */
export function* end_io(md: mapped_device): Steps<void> {
  yield makeStep('dm_end_io', md, 'in_flight', 'update', FULL);
  md.in_flight--;
}

/** From now on bios wait. */
export function* block_io(md: mapped_device): Steps<void> {
  yield makeStep('dm_block_io', md, 'in_flight', 'update', FULL);
  md.suspended = true;
}

/** Kernel: dm_wait_for_completion(). Context: may sleep. */
export function* wait_for_io(md: mapped_device): Steps<void> {
  yield makeStep('dm_wait_for_completion', md, 'in_flight', 'read', { enabled: () => md.in_flight === 0, rest: [] });
}

/** Another table is in use, and bios go to it. */
export function* unblock_io(md: mapped_device, m: multipath): Steps<void> {
  yield makeStep('dm_unblock_io', md, 'in_flight', 'update', FULL);
  md.m = m;
  md.suspended = false;
}
