// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { mutex } from '../locks/mutex.js';
import { spinlock_t } from '../locks/spinlock.js';
import { KObject } from '../object.js';
import type { cdev } from './cdev.js';
import type { inode } from './inode.js';

const NAME = 'chrdevs';

/** The character devices of a machine: kernel `cdev_map`, its locks, and the nodes in /dev. */
export class chrdevs extends KObject {
  /** Protects the map. */
  readonly chrdevs_lock = new mutex(this);
  /** Protects `inode.i_cdev`. */
  readonly cdev_lock = new spinlock_t(this);
  /** By number; the newest of a number first. */
  readonly cdev_map = new Map<number, cdev[]>();
  readonly nodes = new Map<number, inode>();
}

/** Those of the running machine: a root of its state from the first use on. */
export const theChrdevs = (): chrdevs => {
  const { globals } = currentMachine();
  const known = globals.get(NAME);
  if (known instanceof chrdevs) return known;
  const made = new chrdevs();
  globals.set(NAME, made);
  return made;
};
