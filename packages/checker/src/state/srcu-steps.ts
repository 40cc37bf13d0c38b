// SPDX-License-Identifier: GPL-2.0-only
import { srcu_struct, type Step } from '@libmultipath/kernel';

const srcuOps: ReadonlySet<string> = new Set([
  'srcu_read_lock',
  'srcu_read_unlock',
  'synchronize_srcu',
  'synchronize_srcu_end',
]);

/** A step of a reader, or of who waits for readers, on a structure that is in use. */
export const isSrcu = ({ object, op }: Step): boolean =>
  object instanceof srcu_struct && !object.cleanedUp && srcuOps.has(op);
