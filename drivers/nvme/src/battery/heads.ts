// SPDX-License-Identifier: GPL-2.0-only
import { viewOfHead, type BatteryHead, type KObject } from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_CTRL_LIVE, NVME_NS_ANA_PENDING, NVME_NS_READY } from '../environment/constants.js';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import type { nvme_ns_head_base } from '../environment/nvme-ns-head-base.js';
import { madeOf } from '../environment/registry.js';
import { NVME_NSHEAD_DISK_LIVE } from '../mainline/head-flags.js';
import { nvme_ns_head as mainline_head } from '../mainline/nvme-ns-head.js';
import type { NvmeModelWorld } from '../model/world.js';
import { nvme_ns_head as head_v1 } from '../template/v1/nvme-ns-head.js';
import { nvme_ns_head as head_v2 } from '../template/v2/nvme-ns-head.js';
import { nvme_ns_head as head_v3 } from '../template/v3/nvme-ns-head.js';

const isSet = (flags: number, bit: number): boolean => (flags & (1 << bit)) !== 0;

const viewOfMainline = (head: mainline_head): BatteryHead => ({
  object: head,
  disk: head.disk,
  live: isSet(head.flags, NVME_NSHEAD_DISK_LIVE),
  // The model of mainline has the device of it, and nobody who opens that.
  cdev: null,
  paths: head.list,
  currentPath: head.current_path,
  parked: head.requeue_list,
});

/** The library's part of a head, and its disk; null: it has none (yet). */
const viewOf = (head: nvme_ns_head_base): BatteryHead | null => {
  if (head instanceof mainline_head) return viewOfMainline(head);
  if (head instanceof head_v3) return viewOfHead(head.mpath_head, head.mpath_head.disk);
  if (head instanceof head_v2)
    return head.mpath_head === null ? null : viewOfHead(head.mpath_head, head.mpath_head.disk);
  if (!(head instanceof head_v1)) return null;
  const { mpath_disk } = head;
  if (mpath_disk === null || mpath_disk.alloc.freed || mpath_disk.mpath_head === null) return null;
  return viewOfHead(mpath_disk.mpath_head, mpath_disk.disk);
};

/** What of the library is on the heap because of a head. */
const partsOf = (head: nvme_ns_head_base): readonly KObject[] => {
  if (head instanceof head_v2) return head.mpath_head === null ? [] : [head.mpath_head];
  if (!(head instanceof head_v1) || head.mpath_disk === null) return [];
  const { mpath_disk } = head;
  return mpath_disk.mpath_head === null ? [mpath_disk] : [mpath_disk, mpath_disk.mpath_head];
};

const live = <T extends KObject>(objects: readonly T[]): T[] => objects.filter(({ alloc }) => !alloc.freed);

/** Every head that is there, whether or not somebody finds it. */
export const headsOf = ({ core }: NvmeModelWorld): readonly BatteryHead[] =>
  live(madeOf(core).heads).flatMap((head) => {
    const view = viewOf(head);
    return view === null || view.object.alloc.freed ? [] : [view];
  });

/** Heads and paths with all that was allocated for them, as far as they are there. */
export const remainsOf = ({ core }: NvmeModelWorld): readonly KObject[] => {
  const { heads, paths } = madeOf(core);
  return live<KObject>([...heads, ...heads.flatMap(partsOf), ...paths]);
};

/** Would the path take a bio? Mainline's lists have the paths themselves, the library's what is embedded in them. */
export const isUsable = (dev: KObject): boolean => {
  const path = dev instanceof nvme_ns_base ? dev : dev.container;
  if (!(path instanceof nvme_ns_base)) return false;
  const { ctrl, flags, ana_state } = path;
  if (ctrl.state !== NVME_CTRL_LIVE || !isSet(flags, NVME_NS_READY) || isSet(flags, NVME_NS_ANA_PENDING)) return false;
  // The two ANA states that take I/O are the lowest; 0 is that of a path nobody has asked yet.
  return ana_state > 0 && ana_state <= NVME_ANA_NONOPTIMIZED;
};
