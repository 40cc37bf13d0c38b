// SPDX-License-Identifier: GPL-2.0-only
import type { Json, NoArgs } from '@libmultipath/driver-kit';
import { messageTexts } from '../../vocabulary/message-text.js';
import type { NvmeGuestWorld } from '../world.js';

/** What the kernel said since the scenario began. */
export const guestMessages = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> => {
  const records = await world.trace.read();
  return [...messageTexts(records.flatMap(({ event, payload }) => (event === 'console' ? payload.split('\n') : [])))];
};
