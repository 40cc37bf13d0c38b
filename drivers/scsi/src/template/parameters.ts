// SPDX-License-Identifier: GPL-2.0-only
import { E, type Steps } from '@libmultipath/driver-kit';
import type { ScsiLibrary } from './library.js';
import type { MultipathMode, scsi_mpath_globals } from './template.js';

/** In the order in which the setter tries them: by what the text begins with. */
const modes: readonly MultipathMode[] = ['on', 'always', 'off'];

/**
 * Setter of parameter `multipath`, before anything else runs; what follows the word is not looked at.
 * Kernel: scsi_multipath_param_set(), v2 and v3. @returns 0, or -EINVAL for NULL and for what is no mode
 */
export const scsi_multipath_param_set = (globals: scsi_mpath_globals, val: string | null): number => {
  const mode = modes.find((name) => val?.startsWith(name) ?? false);
  if (mode === undefined) return -E.EINVAL;
  globals.multipath = mode;
  return 0;
};

/** Kernel: scsi_multipath_param_get(), v2 and v3. Pure. */
export const scsi_multipath_param_get = ({ multipath }: scsi_mpath_globals): string => `${multipath}\n`;

/**
 * Setter of parameter `multipath_iopolicy`: for the heads to come.
 * Kernel: scsi_set_iopolicy(), v3. @returns 0 or -EINVAL
 */
export const scsi_set_iopolicy = (
  lib: Pick<ScsiLibrary, 'mpath_set_iopolicy'>,
  globals: scsi_mpath_globals,
  val: string | null,
): Steps<number> => lib.mpath_set_iopolicy(val, globals.multipath_iopolicy);

/** Kernel: scsi_get_iopolicy(), v3. Pure. */
export const scsi_get_iopolicy = (
  lib: Pick<ScsiLibrary, 'mpath_get_iopolicy'>,
  { multipath_iopolicy }: scsi_mpath_globals,
): string => lib.mpath_get_iopolicy(multipath_iopolicy.value);
