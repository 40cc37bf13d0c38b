// SPDX-License-Identifier: GPL-2.0-only

/** Flags of alloc_workqueue(). */
export const WQ_UNBOUND = 1 << 1;
export const WQ_FREEZABLE = 1 << 2;
/** Has a rescuer: a worker of its own for when no other can be made. */
export const WQ_MEM_RECLAIM = 1 << 3;
export const WQ_HIGHPRI = 1 << 4;
export const WQ_CPU_INTENSIVE = 1 << 5;
export const WQ_SYSFS = 1 << 6;
export const WQ_POWER_EFFICIENT = 1 << 7;
export const WQ_PERCPU = 1 << 8;
/** Of alloc_ordered_workqueue(). */
export const __WQ_ORDERED = 1 << 17;
