// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { scsiRun } from '../testing/scsi-run.js';
import { scsi_device_set_state } from './device-state.js';
import { sdev_state_names } from './device-states.js';
import { shost_state_names } from './host-states.js';
import { scsi_host_set_state } from './scsi-host.js';

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** From each state (row) to each (column): x where the kernel's switch has a case for it; the same state is no move. */
const table = (names: readonly string[], rows: string): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    rows
      .trim()
      .split('\n')
      .map((row) => {
        const [from = '', ...marks] = words(row);
        return [from, new Set(names.filter((_, column) => marks[column] === 'x'))];
      }),
  );

const deviceNames = words('created running cancel deleted quiesce offline transport-offline blocked created-blocked');
const deviceMoves = table(
  deviceNames,
  `created           . x x x . x x . x
   running           . . x x x x x x .
   cancel            . . . x . . . . .
   deleted           . . . . . . . . .
   quiesce           . x x . . x x x .
   offline           . x x x x . . x .
   transport-offline . x x x x . . . .
   blocked           . x . x . x x . .
   created-blocked   x . . x . . . x .`,
);

const hostNames = words('created running cancel deleted recovery cancel/recovery deleted/recovery');
const hostMoves = table(
  hostNames,
  `created          . x x . . . .
   running          . . x . x . .
   cancel           . . . x . x .
   deleted          . . . . . . .
   recovery         . x . . . x .
   cancel/recovery  . . x . . . x
   deleted/recovery . . . x . . .`,
);

const pairsOf = (names: ReadonlyMap<number, string>): { from: number; to: number; text: readonly [string, string] }[] =>
  [...names].flatMap(([from, a]) => [...names].map(([to, b]) => ({ from, to, text: [a, b] as const })));

test('a device makes exactly the legal moves, of all 81', () => {
  const { value } = scsiRun(function* (core) {
    const { sdev } = yield* attach(core, qemuNexus(plainUnit()));
    const seen: string[] = [];
    for (const { from, to, text } of pairsOf(sdev_state_names)) {
      sdev.sdev_state = from;
      const error = yield* scsi_device_set_state(sdev, to);
      const legal = from === to || deviceMoves.get(text[0])?.has(text[1]) === true;
      const wanted = legal ? { error: 0, state: to } : { error: -22, state: from };
      if (error !== wanted.error || sdev.sdev_state !== wanted.state) seen.push(text.join(' → '));
    }
    sdev.sdev_state = 2;
    return { seen, count: pairsOf(sdev_state_names).length };
  });
  expect(value).toEqual({ seen: [], count: 81 });
});

test('a host makes exactly the legal moves, of all 49', () => {
  const { value } = scsiRun(function* (core) {
    const { shost } = yield* attach(core, qemuNexus(plainUnit()));
    const seen: string[] = [];
    for (const { from, to, text } of pairsOf(shost_state_names)) {
      shost.shost_state = from;
      const error = yield* scsi_host_set_state(shost, to);
      const legal = from === to || hostMoves.get(text[0])?.has(text[1]) === true;
      const wanted = legal ? { error: 0, state: to } : { error: -22, state: from };
      if (error !== wanted.error || shost.shost_state !== wanted.state) seen.push(text.join(' → '));
    }
    shost.shost_state = 2;
    return { seen, count: pairsOf(shost_state_names).length };
  });
  expect(value).toEqual({ seen: [], count: 49 });
});
