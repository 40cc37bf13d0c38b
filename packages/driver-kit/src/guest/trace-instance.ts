// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/contract';
import { unless } from './files.js';
import { parseTrace, type TraceEvent } from './ftrace.js';

const TRACEFS = '/sys/kernel/tracing';
const BUFFER_KIB = 1_024;
const TEXT_MAX_BYTES = 7 * 1_024 * 1_024;
/** What dm-multipath prints when the time without a path is over. */
const TIMEOUT = /queue_if_no_path timeout on \S+, failing queued IO/;
const RETURNED = 'mpath returned';

export interface TraceInstanceOptions {
  /** Of the instance: a buffer of its own, so that whoever else traces the guest is not disturbed. */
  readonly name: string;
  /** Event of the group `block` that shows a request with its disk and sector. */
  readonly event: 'block_getrq' | 'block_rq_issue';
  /** For the trace as one text. */
  readonly readMs: number;
  /** The driver's error for a trace that lost records: what is left is not what happened. */
  readonly lost: (message: string, where: string) => Error;
}

/** Requests of disks and messages of the console in their order, as an instance of tracefs keeps them. */
export interface TraceInstance {
  /**
   * Sets it up, empty. Only sectors from `fromSector` on are recorded: those of reads, not those of a load.
   * @throws GuestErrno tracing is not in this kernel
   */
  readonly open: (port: GuestPort, fromSector: number) => Promise<void>;
  readonly clear: (port: GuestPort) => Promise<void>;
  /** @throws what `lost` gives */
  readonly read: (port: GuestPort) => Promise<readonly TraceEvent[]>;
  /** A path is in use after there was none. */
  readonly markReturned: (port: GuestPort) => Promise<void>;
}

export const traceInstance = ({ name, event, readMs, lost }: TraceInstanceOptions): TraceInstance => {
  const dir = `${TRACEFS}/instances/${name}`;
  const write = async (port: GuestPort, file: string, data: string): Promise<void> => {
    await port.call('file.write', { path: `${dir}/${file}`, data });
  };
  const clear = (port: GuestPort): Promise<void> => write(port, 'trace', '\n');
  return {
    clear,
    open: async (port, fromSector) => {
      await unless(port.call('mount', { source: 'tracefs', target: TRACEFS, fstype: 'tracefs' }), 'EBUSY');
      await unless(port.call('dir.make', { path: dir }), 'EEXIST');
      await write(port, 'trace_clock', 'mono');
      await write(port, 'buffer_size_kb', String(BUFFER_KIB));
      await write(port, `events/block/${event}/filter`, `sector >= ${String(fromSector)}`);
      await write(port, `events/block/${event}/enable`, '1');
      await write(port, 'events/printk/console/enable', '1');
      await clear(port);
    },
    read: async (port) => {
      const path = `${dir}/trace`;
      const { data } = await port.call('file.read', { path, maxBytes: TEXT_MAX_BYTES }, { deadlineMs: readMs });
      const trace = parseTrace(data);
      if (trace.lost === 0 && data.length < TEXT_MAX_BYTES) return trace.events;
      throw lost(`the trace lost ${String(trace.lost)} records`, path);
    },
    markReturned: (port) => write(port, 'trace_marker', RETURNED),
  };
};

/**
 * `8,0 R 65536 + 8 [agent]`, or with bytes and command before the sector when it is issued,
 * `252,0 R 4096 () 65536 + 8 none,0,0 [agent]`; what stands before the task differs between kernels.
 */
const REQUEST = /^(\d+),(\d+) \S+ (?:\d+ \(.*?\) )?(\d+) \+ \d+ /;

/** A request of a disk. */
export interface TracedRequest {
  /** `major:minor` of the disk. */
  readonly device: string;
  readonly sector: number;
}

/** Requests that `event` has shown, in their order. Pure. */
export const requestsIn = (
  events: readonly TraceEvent[],
  event: TraceInstanceOptions['event'],
): readonly TracedRequest[] =>
  events.flatMap((one) => {
    const found = one.event === event ? REQUEST.exec(one.payload) : null;
    return found === null ? [] : [{ device: `${found[1] ?? ''}:${found[2] ?? ''}`, sector: Number(found[3]) }];
  });

/** Expiry and return, in their order. Pure. */
export const orderIn = (events: readonly TraceEvent[]): readonly string[] =>
  events.flatMap(({ event, payload }) => {
    if (event === 'console' && TIMEOUT.test(payload)) return ['expired'];
    return event === 'tracing_mark_write' && payload.includes(RETURNED) ? ['returned'] : [];
  });
