// SPDX-License-Identifier: GPL-2.0-only
import { type GuestPort, parseTrace, type TraceEvent, unless } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { TRACE_MS } from './deadlines.js';

const TRACEFS = '/sys/kernel/tracing';
/** A buffer of our own: whoever else traces the guest is not disturbed. */
const INSTANCE = `${TRACEFS}/instances/mpath_scsi`;
const BUFFER_KIB = 1_024;
const TEXT_MAX_BYTES = 7 * 1_024 * 1_024;
/** What the kernel prints when the time without a path is over. */
const TIMEOUT = /queue_if_no_path timeout on \S+, failing queued IO/;
const RETURNED = 'mpath returned';

/**
 * Bios as they become requests of disks, and messages, in their order. A request that the midlayer sends again
 * stays one. Only sectors from `fromSector` on are recorded: those of reads, not those of a load.
 * @throws GuestErrno tracing is not in this kernel
 */
export const openTrace = async (port: GuestPort, fromSector: number): Promise<void> => {
  const write = (file: string, data: string): Promise<unknown> =>
    port.call('file.write', { path: `${INSTANCE}/${file}`, data });
  await unless(port.call('mount', { source: 'tracefs', target: TRACEFS, fstype: 'tracefs' }), 'EBUSY');
  await unless(port.call('dir.make', { path: INSTANCE }), 'EEXIST');
  await write('trace_clock', 'mono');
  await write('buffer_size_kb', String(BUFFER_KIB));
  await write('events/block/block_getrq/filter', `sector >= ${String(fromSector)}`);
  await write('events/block/block_getrq/enable', '1');
  await write('events/printk/console/enable', '1');
  await write('trace', '\n');
};

/** @throws LMP-261 records were lost: what is left is not what happened */
export const readTrace = async (port: GuestPort): Promise<readonly TraceEvent[]> => {
  const path = `${INSTANCE}/trace`;
  const { data } = await port.call('file.read', { path, maxBytes: TEXT_MAX_BYTES }, { deadlineMs: TRACE_MS });
  const { events, lost } = parseTrace(data);
  if (lost === 0 && data.length < TEXT_MAX_BYTES) return events;
  throw errors.fail('LMP-261', { message: `the trace lost ${String(lost)} records`, where: path });
};

/** A path is in use after there was none. */
export const markReturned = async (port: GuestPort): Promise<void> => {
  await port.call('file.write', { path: `${INSTANCE}/trace_marker`, data: RETURNED });
};

/** `8,0 R 65536 + 8 [agent]`, with a priority before the task on newer kernels. */
const REQUEST = /^(\d+),(\d+) \S+ (\d+) \+ \d+ /;

export interface Requested {
  /** `major:minor` of the disk. */
  readonly device: string;
  readonly sector: number;
}

/** Requests in their order. Pure. */
export const requestedIn = (events: readonly TraceEvent[]): readonly Requested[] =>
  events.flatMap(({ event, payload }) => {
    const found = event === 'block_getrq' ? REQUEST.exec(payload) : null;
    return found === null ? [] : [{ device: `${found[1] ?? ''}:${found[2] ?? ''}`, sector: Number(found[3]) }];
  });

/** Expiry and return, in their order. Pure. */
export const orderIn = (events: readonly TraceEvent[]): readonly string[] =>
  events.flatMap(({ event, payload }) => {
    if (event === 'console' && TIMEOUT.test(payload)) return ['expired'];
    return event === 'tracing_mark_write' && payload.includes(RETURNED) ? ['returned'] : [];
  });
