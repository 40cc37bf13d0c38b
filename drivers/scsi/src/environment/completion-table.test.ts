// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_path_error,
  BLK_STS_OK,
  HZ,
  jiffies,
  REQ_FAILFAST_DEV,
  REQ_FAILFAST_DRIVER,
  REQ_FAILFAST_TRANSPORT,
} from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { environment_6_12, environment_7_3 } from '../kernels.js';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { transferBlock } from '../testing/read-block.js';
import { scsiRun } from '../testing/scsi-run.js';
import { ARMED, completionTable, type Completion } from './completion-table.js';
import { sdev_state_names } from './device-states.js';
import type { ScsiEnvironmentParts } from './parts.js';
import { DID_BUS_BUSY, DID_REQUEUE, DID_TRANSPORT_DISRUPTED } from './status-codes.js';

interface Read {
  readonly status: string;
  readonly errno: number;
  readonly attempts: number;
  readonly state: string | undefined;
  readonly seconds: number;
}

/** One read on a path that answers so, `armed` times. */
const readThrough = (completion: Completion, parts: ScsiEnvironmentParts, armed = ARMED, flags = 0): Read => {
  return scsiRun(function* (core) {
    const { sdev } = yield* attach(core, qemuNexus(plainUnit()));
    const start = yield* jiffies();
    for (let n = 0; n < armed; n++) sdev.nexus.injected.push(completion);
    const { status, errno } = yield* transferBlock(sdev, undefined, flags);
    return {
      status,
      errno,
      attempts: armed - sdev.nexus.injected.length,
      state: sdev_state_names.get(sdev.sdev_state),
      seconds: Math.round(((yield* jiffies()) - start) / HZ),
    };
  }, parts).value;
};

test.each(completionTable.map((row) => [row.name, row] as const))(
  '%s ends a read as on a real kernel',
  (_name, row) => {
    const read = readThrough(row.completion, environment_7_3);
    expect(read).toMatchObject({
      status: row.status,
      errno: row.errno,
      attempts: row.attempts,
      state: row.becomes ?? 'running',
    });
    expect(row.status !== BLK_STS_OK && blk_path_error(row.status)).toBe(row.pathError);
  },
);

test('a path in transition is tried six times at once and then once a second; before 7.3 once a second only', () => {
  const row = completionTable.find(({ name }) => name.startsWith('2/04/0a'));
  const completion = row?.completion ?? {};
  expect(readThrough(completion, environment_7_3).seconds).toBe(15);
  expect(readThrough(completion, environment_6_12).seconds).toBe(20);
});

test('what is retried without a count ends after six times thirty seconds', () => {
  const read = readThrough({ status: 0x02, sense: [0x02, 0x04, 0x0a] }, environment_7_3, 400);
  expect(read).toMatchObject({ status: 'BLK_STS_IOERR', errno: 5 });
  expect(read.seconds).toBeGreaterThanOrEqual(180);
  expect(read.seconds).toBeLessThanOrEqual(182);
});

test('a fast failing read is tried once where the flag is meant, and again where it is not', () => {
  const failfast = REQ_FAILFAST_DEV | REQ_FAILFAST_TRANSPORT | REQ_FAILFAST_DRIVER;
  const attempts = (completion: Completion): number =>
    readThrough(completion, environment_7_3, ARMED, failfast).attempts;
  expect(attempts({ host: DID_BUS_BUSY })).toBe(1);
  expect(attempts({ status: 0x02, sense: [0x0b, 0, 0] })).toBe(1);
  // scsi_noretry_cmd() does not know this host byte.
  expect(attempts({ host: DID_TRANSPORT_DISRUPTED })).toBe(6);
  expect(attempts({ host: DID_REQUEUE })).toBe(ARMED);
});
