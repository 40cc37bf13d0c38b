// SPDX-License-Identifier: GPL-2.0-only
import { type Json, type NoArgs } from '@libmultipath/driver-kit';
import { policyText } from '../../vocabulary/policy-text.js';
import type { TraceRecord } from '../trace/record.js';
import type { NvmeGuestWorld } from '../world.js';

/** What the kernel says about changes of policy, without the subsystem's name. Pure. */
export const policyMessages = (records: readonly TraceRecord[]): readonly string[] =>
  records.flatMap(({ event, payload }) => (event === 'console' ? (policyText(payload) ?? []) : []));

/** The messages since the scenario began; none on kernels that say nothing. */
export const guestPolicyMessage = async (world: NvmeGuestWorld, _args: NoArgs): Promise<Json> =>
  policyMessages(await world.trace.read());
