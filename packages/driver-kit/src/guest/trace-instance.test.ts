// SPDX-License-Identifier: GPL-2.0-only
import type { GuestOp, GuestOps, GuestPort } from '@libmultipath/contract';
import { expect, it } from 'vitest';
import { parseTrace } from './ftrace.js';
import { orderIn, requestsIn, traceInstance } from './trace-instance.js';

const text = `# tracer: nop
           agent-71      [000] .....    12.000001: block_rq_issue: 254,0 R 4096 () 72000 + 8 be,0,4 [agent]
           agent-71      [000] .....    12.000002: block_rq_issue: 254,16 R 4096 () 72000 + 8 [agent]
           agent-71      [000] .....    12.000003: block_getrq: 8,0 R 65536 + 8 none,0,0 [agent]
           agent-71      [000] .....    12.000004: tracing_mark_write: mpath returned
          <idle>-0       [001] ..s..    13.000001: console: device-mapper: multipath: queue_if_no_path timeout on 253:0, failing queued IO
`;
const { events } = parseTrace(text);

/** Keeps what was written, and has one text as its trace. */
const guest = (trace: string) => {
  const calls: string[] = [];
  const port: GuestPort = {
    hello: { agent: 1, release: '7.3', version: '', machine: '', cmdline: '', cpus: 2, uptimeSeconds: 1 },
    call: <K extends GuestOp>(op: K, args: GuestOps[K]['args']) => {
      const { path, data } = { path: '', data: '', ...args };
      calls.push(`${op} ${path.replace('/sys/kernel/tracing/', '')} ${data.trim()}`.trim());
      // Keyed by `op`, so the answer is of its type.
      return Promise.resolve((op === 'file.read' ? { data: trace } : {}) as GuestOps[K]['result']);
    },
  };
  return { port, calls };
};
const instance = traceInstance({
  name: 'mine',
  event: 'block_getrq',
  readMs: 1,
  lost: (message, where) => new RangeError(`${where}: ${message}`),
});

it('reads requests with their disk, in the form of each event', () => {
  expect(requestsIn(events, 'block_rq_issue')).toEqual([
    { device: '254:0', sector: 72_000 },
    { device: '254:16', sector: 72_000 },
  ]);
  expect(requestsIn(events, 'block_getrq')).toEqual([{ device: '8:0', sector: 65_536 }]);
});

it('reads the order of return and expiry', () => {
  expect(orderIn(events)).toEqual(['returned', 'expired']);
});

it('has a buffer of its own, filtered and empty', async () => {
  const { port, calls } = guest(text);
  await instance.open(port, 4_096);
  expect(calls).toContain('file.write instances/mine/events/block/block_getrq/filter sector >= 4096');
  expect(calls.at(-1)).toBe('file.write instances/mine/trace');
  expect(await instance.read(port)).toEqual(events);
});

it('does not take a trace that lost records for what happened', async () => {
  await expect(instance.read(guest(`CPU:0 [LOST 3 EVENTS]\n${text}`).port)).rejects.toThrow(
    '/sys/kernel/tracing/instances/mine/trace: the trace lost 3 records',
  );
});
