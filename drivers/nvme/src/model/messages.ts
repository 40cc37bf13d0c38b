// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, type Json, type Steps } from '@libmultipath/driver-kit';
import { messageTexts } from '../vocabulary/message-text.js';
import { look } from './disks.js';

export function* modelMessages(): Steps<Json> {
  yield* look();
  return [...messageTexts(currentMachine().log.map(({ text }) => text))];
}
