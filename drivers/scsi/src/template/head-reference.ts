// SPDX-License-Identifier: GPL-2.0-only
import {
  ida_free,
  kfn,
  kfree,
  kref_get,
  kref_put,
  list_del_init,
  mutex_lock,
  mutex_unlock,
  put_device,
  type Steps,
} from '@libmultipath/driver-kit';
import { class_device_del } from './class-device.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';
import type { Template } from './template.js';

type HeadUser = Pick<Template, 'lib' | 'globals' | 'parts'>;

/** Text of the module, whoever calls it. Part of scsi_mpath_head_release(), v3. */
const free_head = kfn('scsi_mpath_head_release', (head: scsi_mpath_head): Steps<void> => kfree(head));

/**
 * Last reference on the head's device. Openers of its disk are waited for.
 * Kernel: scsi_mpath_head_release(), v3. Context: may sleep, without a bound.
 */
export const scsi_mpath_head_release = kfn(
  'scsi_mpath_head_release',
  function* ({ lib, globals, parts }: HeadUser, head: scsi_mpath_head): Steps<void> {
    yield* ida_free(globals.scsi_multipath_dev_ida, head.index);
    yield* parts.before_release(head.mpath_head);
    yield* lib.release_head(head.mpath_head, () => free_head(head));
  },
);

/** Nobody finds the head any more, then it goes. Kernel: scsi_mpath_free_head(), v3. Context: may sleep. */
const scsi_mpath_free_head = kfn(
  'scsi_mpath_free_head',
  function* ({ globals }: HeadUser, head: scsi_mpath_head): Steps<void> {
    yield* mutex_lock(globals.scsi_mpath_heads_lock);
    yield* list_del_init(head.entry);
    yield* mutex_unlock(globals.scsi_mpath_heads_lock);
    yield* class_device_del(head.dev);
    yield* put_device(head.dev);
  },
);

/** Kernel: scsi_mpath_get_head(), v3: of a head that is known to live. Context: any. */
export const scsi_mpath_get_head = kfn('scsi_mpath_get_head', (head: scsi_mpath_head): Steps<void> =>
  kref_get(head.ref),
);

/** Kernel: scsi_mpath_put_head(), v3. Context: may sleep; `scsi_mpath_heads_lock` not held. */
export const scsi_mpath_put_head = kfn(
  'scsi_mpath_put_head',
  function* (template: HeadUser, head: scsi_mpath_head): Steps<void> {
    yield* kref_put(head.ref, () => scsi_mpath_free_head(template, head));
  },
);
