// SPDX-License-Identifier: GPL-2.0-only
import { module_put, try_module_get } from '@libmultipath/kernel';
import type { ReleaseHead } from '../v3/parts.js';
import { mpath_head } from '../v3/structures.js';
import type { Remedy } from './remedy.js';

/** The head with how its driver frees it. */
const withRelease = (head: typeof mpath_head) =>
  class extends head {
    /** Written before the driver's reference goes, read by the put that reaches zero. */
    release: ReleaseHead | null = null;

    /** The structure's name stays. */
    override get kind(): string {
      return mpath_head.name;
    }
  };

/** Nobody waits for an opener: the last of them frees the head, in the text of a module that its open holds. */
export const last_put_releases_head: Remedy = {
  name: 'last-put-releases-head',
  removes: ['HANG-115ffb'],
  inC: '`mpath_head_uninit(head, release)` waits for nobody: `mpath_put_head()` calls `release(head)` when it reaches zero, and every open of the disk or the char device holds a reference on `drv_module`.',
  apply: (parts) => {
    const made = withRelease(parts.structures.mpath_head);
    return {
      ...parts,
      structures: { ...parts.structures, mpath_head: made },
      leaves_release: (head, release) => {
        if (!(head instanceof made)) return false;
        head.release = release;
        return true;
      },
      *after_last_put(head) {
        if (head instanceof made && head.release !== null) yield* head.release();
      },
      pin_driver: ({ drv_module }) => try_module_get(drv_module),
      unpin_driver: (drv_module) => module_put(drv_module),
    };
  },
};
