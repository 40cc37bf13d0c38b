// SPDX-License-Identifier: GPL-2.0-only
import { load, type inode, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { nullPointer } from '../structures/null-pointer.js';

type Head = mpath_head_base<mpath_device_base>;

/** `container_of(inode->i_cdev, struct mpath_head, cdev)`. */
export const make_head_of_inode = <H extends Head>(is_head: (container: unknown) => container is H) =>
  function* (node: inode): Steps<H> {
    const found = yield* load(node, 'i_cdev');
    return is_head(found?.container) ? found.container : nullPointer('inode.i_cdev', node);
  };
