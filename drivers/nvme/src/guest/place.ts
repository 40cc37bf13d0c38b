// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';

/** A controller as the kernel names it now. */
export interface NamedController {
  /** `nvme0`. */
  readonly name: string;
  /** Its directory in sysfs; its path disks are in there. */
  readonly dir: string;
}

/** Where a controller is found, whatever the kernel calls it at the moment: a PCI function, or a port of a target. */
export interface Place {
  readonly label: string;
  /** For a message: where one would look. */
  readonly where: string;
  /** Is something there that could be removed? */
  isAttached(port: GuestPort): Promise<boolean>;
  /** The controllers there: none or one, unless something is wrong. */
  controllers(port: GuestPort): Promise<readonly NamedController[]>;
  /** Lets the kernel find it, and returns when the kernel's own call does. */
  find(port: GuestPort): Promise<void>;
  /** Waits until it is live and has a disk of a namespace. @throws GuestErrno ETIMEDOUT */
  untilLive(port: GuestPort): Promise<void>;
  /** Removes it in the orderly way, to the end. @throws GuestErrno ETIMEDOUT */
  remove(port: GuestPort): Promise<void>;
}

/** @throws LMP-231 */
export const placeOf = (places: ReadonlyMap<string, Place>, label: string): Place => {
  const place = places.get(label);
  if (place === undefined) {
    throw errors.fail('LMP-231', {
      message: `no controller is called ${label}; there are ${[...places.keys()].join(', ')}`,
    });
  }
  return place;
};
