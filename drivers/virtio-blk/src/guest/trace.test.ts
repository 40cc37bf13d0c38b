// SPDX-License-Identifier: GPL-2.0-only
import { parseTrace } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { issuedIn, orderIn } from './trace.js';

const text = `# tracer: nop
           agent-71      [000] .....    12.000001: block_rq_issue: 254,0 R 4096 () 72000 + 8 be,0,4 [agent]
           agent-71      [000] .....    12.000002: block_rq_issue: 254,16 R 4096 () 72000 + 8 [agent]
           agent-71      [000] .....    12.000003: tracing_mark_write: mpath returned
          <idle>-0       [001] ..s..    13.000001: console: device-mapper: multipath: queue_if_no_path timeout on 253:0, failing queued IO
`;

it('reads requests with their disk, in both forms that kernels print', () => {
  expect(issuedIn(parseTrace(text).events)).toEqual([
    { device: '254:0', sector: 72_000 },
    { device: '254:16', sector: 72_000 },
  ]);
});

it('reads the order of return and expiry', () => {
  expect(orderIn(parseTrace(text).events)).toEqual(['returned', 'expired']);
});
