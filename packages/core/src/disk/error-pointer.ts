// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, gendisk } from '@libmultipath/kernel';

/** Kernel: `ERR_PTR()`: no NULL, and whoever follows it faults. */
export const error_pointer = (errno: number, numa_node: number): gendisk => {
  const pointer = new gendisk(`ERR_PTR(${String(errno)})`, numa_node);
  pointer.alloc.freedAt = currentMachine().here();
  return pointer;
};
