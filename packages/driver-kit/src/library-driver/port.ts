// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryHead, BatteryPort } from '@libmultipath/contract';
import { MPATH_HEAD_DISK_LIVE, mpath_device } from '@libmultipath/core';
import { delete_module, type KObject } from '@libmultipath/kernel';
import { peek } from '../template/peek.js';
import { iopolicy_store, update_capacity, write_delayed_removal_secs } from './attributes.js';
import { add_path, remove_path, set_path_usable } from './path.js';
import { data_bio, type library_head, type library_host, type library_slot } from './structures.js';
import { ofShape, type LibraryTopology } from './topology.js';

const slotOf = ({ slots, label }: library_host, path: number): library_slot => {
  const slot = slots[path];
  if (slot === undefined) throw new Error(`${label} has no place ${String(path)}`);
  return slot;
};

const viewOf = ({ mpath_head }: library_head): BatteryHead => ({
  object: mpath_head,
  disk: mpath_head.disk?.alloc.freed === false ? mpath_head.disk : null,
  live: (mpath_head.flags & (1 << MPATH_HEAD_DISK_LIVE)) !== 0,
  cdev: null,
  paths: mpath_head.dev_list,
  currentPath: mpath_head.current_path,
  parked: mpath_head.requeue_list,
});

/** Everything that the standard battery wants of a driver, done once for library drivers. */
export const libraryPort: BatteryPort<LibraryTopology, library_host> = {
  topology: ofShape,
  unsupported: (_profile, { shared }) => (shared ? undefined : 'every device gets a multipath disk'),
  addPath: (host, path) => add_path(slotOf(host, path)),
  removePath: (host, path) => remove_path(slotOf(host, path)),
  setUsable: (host, path, usable) => set_path_usable(slotOf(host, path), usable),
  setPolicy: iopolicy_store,
  setDelayedRemoval: write_delayed_removal_secs,
  setCapacity: update_capacity,
  unloadModule: ({ this_module }) => delete_module(this_module),
  newBio: (init, data) => {
    const made = new data_bio(init);
    made.data = data;
    return made;
  },
  dataOf: (what) => (what instanceof data_bio ? what.data : ''),
  heads: ({ heads }) => heads.map(viewOf),
  // The driver's own word for it: one thing less to keep in step.
  isUsable: ({ mpdt, machine }, dev) =>
    dev instanceof mpath_device && peek(machine, () => mpdt.is_disabled(dev))?.value === false,
  remains: ({ heads, slots }): readonly KObject[] => [
    ...heads,
    ...slots.flatMap(({ path }) => (path === null ? [] : [path])),
  ],
};
