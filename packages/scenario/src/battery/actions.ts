// SPDX-License-Identifier: GPL-2.0-only
import type { AnyAction } from './action.js';
import { close, ioctl, open, openCdev, readBack, rest, submit } from './io.js';
import {
  addPath,
  failPath,
  failProbe,
  failTarget,
  makeUnusable,
  makeUsable,
  removePath,
  setAccess,
  setCapacity,
  setDelay,
  setPolicy,
  unload,
} from './verbs.js';

/** Everything that a task of a shape can do, by its word. */
export const actions: Readonly<Record<string, AnyAction>> = {
  'add-path': addPath,
  'remove-path': removePath,
  'fail-probe': failProbe,
  'make-unusable': makeUnusable,
  'make-usable': makeUsable,
  'fail-path': failPath,
  'fail-target': failTarget,
  'set-access': setAccess,
  'set-policy': setPolicy,
  'set-delay': setDelay,
  'set-capacity': setCapacity,
  unload,
  open,
  'open-cdev': openCdev,
  close,
  submit,
  'read-back': readBack,
  ioctl,
  rest,
};
