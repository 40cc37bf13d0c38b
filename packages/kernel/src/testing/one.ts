// SPDX-License-Identifier: GPL-2.0-only
import { kfn } from '../kfn.js';
import type { Machine } from '../machine.js';
import type { Steps } from '../step.js';
import { run, type Ran } from './run.js';

/** Runs one task `t`, whose body is the kernel function `fn`, in virtual time. */
export const one = (body: (machine: Machine) => Steps<void>): Ran =>
  run((machine) => {
    machine.spawn(
      't',
      kfn('fn', () => body(machine)),
    );
  });
