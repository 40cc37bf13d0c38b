// SPDX-License-Identifier: GPL-2.0-only
import type { mpath_access_state } from '@libmultipath/core';
import type { gendisk, KObject, Steps } from '@libmultipath/kernel';
import type { plain_core, plain_head, plain_path } from './structures.js';

/**
 * What the plain driver does with the library, in the terms of no revision: each has its own objects
 * and signatures, and a driver is written against one. All of them are called with no lock
 * held but where it says so.
 */
export interface PlainLibrary {
  readonly revision: string;
  init(): void;
  /** The library's device, embedded in a path. */
  new_device(path: plain_path): KObject;
  /**
   * The library's part of a new head, with its disk where the driver wants one; filled in and named.
   * Context: `plain_core.lock` held. @returns 0, or -errno and nothing is left of it
   */
  alloc_head(head: plain_head): Steps<number>;
  /** Gives back what alloc_head() took, then has the driver free its head. Openers may be left. */
  free_head(head: plain_head, free: () => Steps<void>): Steps<void>;
  /** The path joins. Context: `plain_core.lock` held. */
  add_device(path: plain_path, head: plain_head, disk: gendisk): Steps<void>;
  set_live(path: plain_path, head: plain_head): Steps<void>;
  synchronize(head: plain_head): Steps<void>;
  clear_current_path(path: plain_path, head: plain_head): Steps<boolean>;
  /** The library is told what the storage says of the path. */
  set_access_state(path: plain_path, state: mpath_access_state): Steps<void>;
  /** @returns whether the list is empty now */
  delete_device(path: plain_path, head: plain_head): Steps<boolean>;
  devices_empty(head: plain_head): Steps<boolean>;
  queue_if_no_path(head: plain_head): Steps<boolean>;
  can_remove_head(head: plain_head): Steps<boolean>;
  remove_disk(head: plain_head): Steps<void>;
  kick(head: plain_head): Steps<void>;
  clear_paths(head: plain_head): Steps<void>;
  revalidate_paths(head: plain_head): Steps<void>;
  /** @returns 0 or -errno */
  store_policy(core: plain_core, name: string): Steps<number>;
  /** @returns length or -errno */
  store_delay(head: plain_head, seconds: number): Steps<number>;
}
