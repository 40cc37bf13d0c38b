// SPDX-License-Identifier: GPL-2.0-only
import { requestsIn, traceInstance, type TracedRequest, type TraceEvent } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { TRACE_MS } from './deadlines.js';

/** Bios as they become requests: one that the midlayer sends again stays one. */
const EVENT = 'block_getrq';

/** Requests of disks, and messages, in their order. @throws LMP-261 records were lost */
export const trace = traceInstance({
  name: 'mpath_scsi',
  event: EVENT,
  readMs: TRACE_MS,
  lost: (message, where) => errors.fail('LMP-261', { message, where }),
});

/** Requests in their order. Pure. */
export const requestedIn = (events: readonly TraceEvent[]): readonly TracedRequest[] => requestsIn(events, EVENT);
