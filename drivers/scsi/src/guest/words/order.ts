// SPDX-License-Identifier: GPL-2.0-only
import { orderIn, type Json } from '@libmultipath/driver-kit';
import { notInGuest } from '../no-multipath.js';
import { trace } from '../trace.js';
import type { ScsiGuestWorld } from '../world.js';

/** @throws LMP-260 nothing is over the paths */
export const guestOrder = async (world: ScsiGuestWorld): Promise<Json> =>
  world.session.dm === undefined ? notInGuest('order')() : [...orderIn(await trace.read(world.port))];
