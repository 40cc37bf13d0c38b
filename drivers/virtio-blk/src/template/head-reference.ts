// SPDX-License-Identifier: GPL-2.0-only
import { cleanup_srcu_struct, device_del, ida_free, kfn, kfree, kref_put, type Steps } from '@libmultipath/driver-kit';
import type { TemplateDriver } from './driver.js';
import type { virtio_mpath_head } from './paths-and-heads.js';

/** mpath_put_disk() before mpath_head_uninit(), which waits until the last opener has closed. Context: may sleep. */
const virtio_mpath_free_head = kfn(
  'virtio_mpath_free_head',
  function* ({ lib, globals }: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    yield* lib.mpath_put_disk(head.mpath_head);
    yield* lib.mpath_head_uninit(head.mpath_head);
    yield* cleanup_srcu_struct(head.clones);
    yield* device_del(head.dev);
    yield* ida_free(globals.ida, head.index);
    yield* kfree(head);
  },
);

/** Context: may sleep, no lock held. */
export const virtio_mpath_put_head = kfn(
  'virtio_mpath_put_head',
  function* (driver: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    yield* kref_put(head.ref, () => virtio_mpath_free_head(driver, head));
  },
);
