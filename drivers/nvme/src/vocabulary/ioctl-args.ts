// SPDX-License-Identifier: GPL-2.0-only
import { label } from '@libmultipath/driver-kit';
import { z } from 'zod';
import { ioctlNames, type IoctlName } from './ioctls.js';
import { ringCommandNames, type RingCommandName } from './ring-commands.js';

/** `ioctl: { of: head, command: id, as: x }`; `through` a descriptor that is held instead of a new open. */
export const ioctlArgs = z
  .strictObject({
    of: z.enum(['head', 'cdev']),
    command: z.enum(ioctlNames),
    as: label,
    through: label.optional(),
  })
  .transform(({ of, command, as, through }): IoctlArgs => ({ of, command, as, through }));
export interface IoctlArgs {
  /** The head's block device, or its character device. */
  readonly of: 'head' | 'cdev';
  readonly command: IoctlName;
  readonly as: string;
  readonly through: string | undefined;
}

/** `ring-command: { command: flush, as: x }`; `through` a held descriptor of the character device instead of a new open. */
export const ringArgs = z
  .strictObject({ command: z.enum(ringCommandNames), as: label, through: label.optional() })
  .transform(({ command, as, through }): RingArgs => ({ command, as, through }));
export interface RingArgs {
  readonly command: RingCommandName;
  readonly as: string;
  readonly through: string | undefined;
}

/** `hold-cdev: h`. */
export const holdCdevArgs = label.transform((as): HoldCdevArgs => ({ as }));
export interface HoldCdevArgs {
  readonly as: string;
}
