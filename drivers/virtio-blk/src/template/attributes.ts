// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, type attribute_group, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { set_usable } from './usable.js';
import { path_of, type virtio_mpath_head } from './paths-and-heads.js';
import type { virtio_blk } from '../environment/virtio-blk.js';

/** The library takes the name; forgetting the paths that the old policy chose is the driver's part. */
const iopolicy_store = kfn(
  'virtio_mpath_iopolicy_store',
  function* (lib: LibV3, head: virtio_mpath_head, buf: string): Steps<number> {
    if (!(yield* lib.mpath_iopolicy_store(head.iopolicy, buf))) return -E.EINVAL;
    yield* lib.mpath_clear_paths(head.mpath_head);
    yield* lib.mpath_schedule_requeue_work(head.mpath_head);
    return buf.length;
  },
);

/** Attributes of the multipath disk. */
export const head_groups = (lib: LibV3, head: virtio_mpath_head): readonly attribute_group[] => [
  {
    attrs: {
      delayed_removal_secs: {
        mode: 0o644,
        show: () => lib.mpath_delayed_removal_secs_show(head.mpath_head),
        store: (buf) => lib.mpath_delayed_removal_secs_store(head.mpath_head, buf),
      },
      iopolicy: {
        mode: 0o644,
        show: () => lib.mpath_iopolicy_show(head.iopolicy),
        store: (buf) => iopolicy_store(lib, head, buf),
      },
    },
  },
  lib.mpath_attr_group,
];

/** Attributes of a path's disk: `path_state` puts one back that has failed, or takes it out of use. */
export const path_groups = (lib: LibV3, vblk: virtio_blk): readonly attribute_group[] => [
  {
    attrs: {
      path_state: {
        mode: 0o200,
        *store(buf) {
          const word = buf.trim();
          if (word !== 'running' && word !== 'failed') return -E.EINVAL;
          yield* set_usable(lib, path_of(vblk), word === 'running');
          return buf.length;
        },
      },
      numa_nodes: { mode: 0o444, show: () => lib.mpath_numa_nodes_show(path_of(vblk).mpath_device) },
    },
  },
];
