// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import type { Steps } from '../step.js';

/** One sysfs attribute. */
export interface attribute {
  /** Permission bits, e.g. 0o444. */
  readonly mode: number;
  /** @returns the text, or -errno */
  readonly show?: () => Steps<string | number>;
  /** @returns the number of bytes taken, or -errno */
  readonly store?: (buf: string) => Steps<number>;
}

/** Result of `is_visible` for the first attribute: the group has no directory at all. */
export const SYSFS_GROUP_INVISIBLE = 0o20000;

/**
 * Is the attribute to be seen: yes (with its own mode) or no, or with which mode; 0 is no.
 * @param n its place in the group, from 0
 */
export type is_visible = (name: string, kobj: kobject, attr: attribute, n: number) => boolean | number;

/** Named attributes; `is_visible` decides when the group is created or updated. */
export interface attribute_group {
  /** Directory of the group; absent: the object's own. It exists also when nothing in it is visible. */
  readonly name?: string;
  readonly attrs: Readonly<Record<string, attribute>>;
  readonly is_visible?: is_visible;
}

/** Kernel: struct kobject with its directory in sysfs, as plain maps for observers. */
export class kobject extends KObject {
  /** Is it in sysfs? */
  state_in_sysfs = false;
  /** Its uevents are swallowed. */
  uevent_suppress = false;
  readonly children = new Map<string, kobject>();
  readonly attributes = new Map<string, attribute>();
  readonly links = new Map<string, kobject>();
  /** Directories of named groups: attributes and links. */
  readonly groups = new Map<string, Map<string, attribute | kobject>>();
  /** Attribute methods that are running: a removal waits for them. */
  active = 0;

  constructor(
    container: KObject | undefined,
    public name: string,
    public parent: kobject | null = null,
  ) {
    super(container);
  }

  /** Path below `/sys/devices`, by the parents' names. */
  get path(): string {
    return this.parent === null ? `/${this.name}` : `${this.parent.path}/${this.name}`;
  }
}
