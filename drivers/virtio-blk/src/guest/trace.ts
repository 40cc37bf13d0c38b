// SPDX-License-Identifier: GPL-2.0-only
import { requestsIn, traceInstance, type TracedRequest, type TraceEvent } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { TRACE_MS } from './deadlines.js';

/** Requests as they are issued to disks. */
const EVENT = 'block_rq_issue';

/** Requests of disks, and messages, in their order. @throws LMP-295 records were lost */
export const trace = traceInstance({
  name: 'mpath_virtio',
  event: EVENT,
  readMs: TRACE_MS,
  lost: (message, where) => errors.fail('LMP-295', { message, where, todo: 'make the load shorter' }),
});

/** Requests in the order of their issue. Pure. */
export const issuedIn = (events: readonly TraceEvent[]): readonly TracedRequest[] => requestsIn(events, EVENT);
