// SPDX-License-Identifier: GPL-2.0-only
import { viewOfHead, type BatteryHead, type KObject } from '@libmultipath/driver-kit';
import type { VirtioModelWorld } from '../model/world.js';
import { virtio_mpath_globals } from '../template/driver.js';
import {
  virtio_mpath_path,
  VIRTIO_PATH_FAILED,
  VIRTIO_PATH_READY,
  type virtio_mpath_head,
} from '../template/paths-and-heads.js';

/** Heads that are not freed, oldest first; none where somebody else than the library has the disks. */
const live = ({ core: { mpath } }: VirtioModelWorld): readonly virtio_mpath_head[] =>
  'globals' in mpath && mpath.globals instanceof virtio_mpath_globals
    ? mpath.globals.made.filter(({ alloc }) => !alloc.freed)
    : [];

/** Every head, whether or not somebody finds it. */
export const headsOf = (world: VirtioModelWorld): readonly BatteryHead[] =>
  live(world).map(({ mpath_head }) => viewOfHead(mpath_head, mpath_head.disk));

/** Would the path take a bio? */
export const isUsable = ({ container }: KObject): boolean =>
  container instanceof virtio_mpath_path &&
  (container.flags & (1 << VIRTIO_PATH_READY)) !== 0 &&
  (container.flags & (1 << VIRTIO_PATH_FAILED)) === 0;

/** Heads, and disks that the driver still has. */
export const remainsOf = (world: VirtioModelWorld): readonly KObject[] => [
  ...live(world),
  ...[...world.devices.values()].flatMap(({ priv }) => priv ?? []),
];
