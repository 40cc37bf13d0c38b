// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';
import { errno_name, list_entries, makeStep, settle, type Steps } from '@libmultipath/kernel';
import { errors } from '../errors.js';
import { iopolicy_store, write_delayed_removal_secs } from './attributes.js';
import { find_disk } from './reads.js';
import { library_path, type library_host, type library_slot } from './structures.js';

export const slotNamed = ({ slots }: library_host, name: string): library_slot => {
  const slot = slots.find(({ slotLabel }) => slotLabel === name);
  if (slot === undefined) throw new Error(`no path is called ${name}`);
  return slot;
};

const accepted = (word: string, result: number): void => {
  if (result >= 0) return;
  throw errors.fail('LMP-607', {
    message: `${word}: the model refuses it with ${errno_name(result)}`,
    where: word,
    todo: 'add a path before it: without one there is no head',
  });
};

/** @throws LMP-607 no head, or no such policy */
export function* setPolicy(host: library_host, policy: string): Steps<void> {
  accepted('set-policy', yield* iopolicy_store(host, policy));
}

/** @throws LMP-607 no head, or the value is refused */
export function* setDelayedRemoval(host: library_host, seconds: number): Steps<void> {
  accepted('set-delayed-removal', yield* write_delayed_removal_secs(host, seconds));
}

/** Waits until the disk's directory is gone. */
export function* awaitRemoval(host: library_host): Steps<void> {
  const kobj = (yield* find_disk(host))?.device.kobj;
  if (kobj === undefined) return;
  yield makeStep('await_removal', kobj, 'sd', 'read', { enabled: () => !kobj.state_in_sysfs, rest: [] });
}

export function* headSeen(host: library_host): Steps<Json> {
  yield* settle([]);
  const mpath_head = host.head?.mpath_head;
  const disk = mpath_head?.disk;
  if (mpath_head === undefined || disk?.device.kobj.state_in_sysfs !== true) return { present: false };
  const paths = list_entries(mpath_head.dev_list).flatMap((path) =>
    path instanceof library_path && path.slot !== null ? [path.slot.slotLabel] : [],
  );
  return { present: true, sectors: disk.part0.bd_nr_sectors, paths };
}
