// SPDX-License-Identifier: GPL-2.0-only
import { cleanup_srcu_struct, device_del, ida_free, kfn, kfree, kref_put, type Steps } from '@libmultipath/driver-kit';
import type { TemplateDriver } from './driver.js';
import type { virtio_mpath_head } from './paths-and-heads.js';

/** The library is done with the head, and no opener is left. Text of the module, whoever calls it. */
const virtio_mpath_free_head = kfn(
  'virtio_mpath_free_head',
  function* ({ globals }: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    yield* cleanup_srcu_struct(head.clones);
    yield* device_del(head.dev);
    yield* ida_free(globals.ida, head.index);
    yield* kfree(head);
  },
);

/** mpath_put_disk() before mpath_head_uninit(), which waits until the last opener has closed. Context: may sleep. */
const virtio_mpath_end_head = kfn(
  'virtio_mpath_end_head',
  function* (driver: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    yield* driver.lib.mpath_put_disk(head.mpath_head);
    yield* driver.lib.mpath_head_uninit(head.mpath_head, () => virtio_mpath_free_head(driver, head));
  },
);

/** Context: may sleep, no lock held. */
export const virtio_mpath_put_head = kfn(
  'virtio_mpath_put_head',
  function* (driver: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    yield* kref_put(head.ref, () => virtio_mpath_end_head(driver, head));
  },
);
