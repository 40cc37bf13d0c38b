// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from './machine.js';
import type { Task } from './task.js';

/*
 * What the kernel calls `current`. The loop sets it around each resumption, so two
 * machines in one process never see each other's.
 */
let machineNow: Machine | undefined;
let taskNow: Task | undefined;

/** The machine whose loop, or whose program's `make`, is running. */
export const currentMachine = (): Machine => {
  if (machineNow === undefined) throw new Error('no machine is running: kernel code is reached only through a task');
  return machineNow;
};

/** The running task. */
export const current = (): Task => {
  if (taskNow === undefined) throw new Error('no task is running: kernel code is reached only through a task');
  return taskNow;
};

/** The running task, or undefined while a program is being made. */
export const currentOrNone = (): Task | undefined => taskNow;

/** The machine, or undefined outside of any. */
export const currentMachineOrNone = (): Machine | undefined => machineNow;

/** Sets both, without a closure: for the loop alone, which puts back what was before. */
export const setCurrent = (machine: Machine | undefined, task: Task | undefined): void => {
  machineNow = machine;
  taskNow = task;
};

/** Runs `body` with the given machine and task as current; restores both after. */
export const withCurrent = <T>(machine: Machine, task: Task | undefined, body: () => T): T => {
  const machineBefore = machineNow;
  const taskBefore = taskNow;
  machineNow = machine;
  taskNow = task;
  try {
    return body();
  } finally {
    machineNow = machineBefore;
    taskNow = taskBefore;
  }
};
