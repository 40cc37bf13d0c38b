// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { messageTexts } from '../../vocabulary/message-text.js';
import { formatMark } from '../trace/marks.js';
import type { TraceRecord } from '../trace/record.js';
import { enteredOf, statesOf } from './states.js';

const record = (event: string, payload: string): TraceRecord => ({
  event,
  payload,
  task: 'agent',
  pid: 1,
  cpu: 0,
  timestampUs: 0,
});
const mark = (kind: 'begin' | 'end', subject: string): TraceRecord =>
  record('tracing_mark_write', formatMark({ kind, step: 'attach', subject }));
const state = (ctrl: string, to: number): TraceRecord =>
  record('ctrl_state', `(nvme_change_ctrl_state+0x4/0x190) ctrl=${ctrl} state=${String(to)}`);

test('a controller’s states are those of its address, which belongs to the attach step that it is seen in', () => {
  const records = [
    mark('begin', 'c0'),
    state('0xa0', 3),
    state('0xa0', 1),
    mark('end', 'c0'),
    mark('begin', 'c1'),
    state('0xb0', 3),
    mark('end', 'c1'),
    state('0xa0', 2),
    state('0xa0', 4),
  ];
  expect(statesOf(records, 'c0')).toEqual(['connecting', 'live', 'resetting', 'deleting']);
  expect(statesOf(records, 'c1')).toEqual(['connecting']);
});

test('memory that is used again belongs to the controller that was attached last', () => {
  const records = [mark('begin', 'c0'), state('0xa0', 3), mark('end', 'c0'), mark('begin', 'c1'), state('0xa0', 1)];
  expect(statesOf(records, 'c1')).toEqual(['live']);
});

test('a state is entered where the call said so, also where an interrupt calls between entry and return', () => {
  const done = (moved: string): TraceRecord =>
    record('ctrl_state_done', `(x+0x1/0x2 <- nvme_change_ctrl_state) moved=${moved}`);
  const records = [mark('begin', 'c0'), state('0xa0', 3), done('0x1'), mark('end', 'c0')];
  const nested = [state('0xa0', 4), state('0xa0', 2), done('0x0'), done('1'), state('0xa0', 5)];
  expect(enteredOf([...records, ...nested], 'c0')).toEqual(['connecting', 'deleting']);
  expect(statesOf([...records, ...nested], 'c0')).toHaveLength(4);
});

test('a message is one of the driver’s, without names and places', () => {
  const lines = [
    '[    3.1] block nvme1n1: no usable path - requeuing I/O',
    '[    3.2] block nvme0n1: no usable path - requeuing I/O',
    '[    3.3] nvme nvme2: Removing ctrl: NQN "nqn.2026-11.org:x"',
    '[    3.4] nvme0c1n1: I/O Cmd(0x2) @ LBA 65536, 8 blocks, I/O Error (sct 0x2 / sc 0x81) ',
    '[    3.5] clocksource: Switched to clocksource tsc',
  ];
  expect(messageTexts(lines)).toEqual([
    '<path>: I/O Cmd(0x2) @ LBA <n>, 8 blocks, I/O Error (sct 0x2 / sc 0x81)',
    'block <head>: no usable path - requeuing I/O',
    'nvme <controller>: Removing ctrl: NQN "<NQN>"',
  ]);
});
