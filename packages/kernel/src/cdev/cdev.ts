// SPDX-License-Identifier: GPL-2.0-only
import type { device } from '../device/device.js';
import type { module } from '../module/module.js';
import { KObject } from '../object.js';
import { kref } from '../refcount/kref.js';
import type { file_operations } from './file.js';
import type { inode } from './inode.js';

const MINORBITS = 20;

/** Kernel: MKDEV(). Pure. */
export const MKDEV = (major: number, minor: number): number => major * 2 ** MINORBITS + minor;

/**
 * Kernel: struct cdev, its kobject's reference count as `kref`. Mostly embedded in a
 * driver's structure: whatever frees that structure takes the cdev with it, references or not.
 */
export class cdev extends KObject {
  readonly kref: kref;
  /** Module of the driver. */
  owner: module | null = null;
  ops: file_operations | null = null;
  /** Number of its node. */
  dev = 0;
  /** Kept from cdev_add() until the last reference on the cdev is gone. */
  parent: device | null = null;
  /** Nodes that have been opened, and know the cdev. */
  readonly inodes = new Set<inode>();

  constructor(container?: KObject) {
    super(container);
    this.kref = new kref(this, 0);
  }
}
