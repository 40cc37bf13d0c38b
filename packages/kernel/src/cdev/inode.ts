// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import type { cdev } from './cdev.js';

/** Kernel: struct inode of a device node in /dev. */
export class inode extends KObject {
  /** What the first open found; cleared when that cdev goes. `cdev_lock` protects it. */
  i_cdev: cdev | null = null;

  constructor(readonly i_rdev: number) {
    super();
  }
}
