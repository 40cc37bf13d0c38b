// SPDX-License-Identifier: GPL-2.0-only
import type { LmpError } from '@libmultipath/errors';
import { expect, it } from 'vitest';
import { fail } from './errors.js';
import { QmpMachinePort } from './machine-port.js';
import { QmpClient } from './qmp-client.js';
import { LineSplitter } from './line-splitter.js';
import { streamPair } from './testing/stream-pair.js';

const GREETING = { QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: '' }, capabilities: [] } };
const never = new Promise<LmpError>(() => {});

interface Command {
  readonly execute: string;
  readonly id: number;
  readonly arguments: unknown;
}

/** A machine that answers each command and then sends these events. */
const machine = async (events: readonly unknown[], seen: Command[] = []): Promise<QmpClient> => {
  const [ours, theirs] = streamPair();
  const send = (value: unknown): void => void theirs.write(`${JSON.stringify(value)}\n`);
  const splitter = new LineSplitter(1 << 20);
  theirs.on('data', (chunk: Uint8Array) => {
    for (const { text } of splitter.push(chunk)) {
      // The client under test wrote it.
      const command = JSON.parse(text) as Command;
      send({ return: {}, id: command.id });
      if (command.execute === 'qmp_capabilities') continue;
      seen.push(command);
      for (const event of events) send(event);
    }
  });
  send(GREETING);
  return (await QmpClient.open(ours)).qmp;
};

const deleted = (device: string) => ({ event: 'DEVICE_DELETED', data: { device, path: `/machine/${device}` } });

it('waits until the device that was asked for is gone, not another', async () => {
  const seen: Command[] = [];
  const port = new QmpMachinePort(await machine([deleted('c1'), deleted('c0')], seen), never);
  await port.unplug('c0', { deadlineMs: 5_000 });
  expect(seen.map(({ execute, arguments: given }) => [execute, given])).toEqual([['device_del', { id: 'c0' }]]);
});

it.each([
  ['says that it cannot', [{ event: 'DEVICE_UNPLUG_GUEST_ERROR', data: { device: 'c0', path: '/' } }]],
  ['does nothing', [deleted('c1')]],
])('a guest that %s is an error of its own', async (_what, events) => {
  const port = new QmpMachinePort(await machine(events), never);
  await expect(port.unplug('c0', { deadlineMs: 50 })).rejects.toMatchObject({ code: 'LMP-717' });
});

it('the end of the machine ends the wait', async () => {
  const end = fail('LMP-710', { message: 'gone' });
  const port = new QmpMachinePort(await machine([]), Promise.resolve(end));
  await expect(port.unplug('c0', { deadlineMs: 60_000 })).rejects.toBe(end);
});

it('puts a device in with all its properties', async () => {
  const seen: Command[] = [];
  const port = new QmpMachinePort(await machine([], seen), never);
  await port.plug({ driver: 'nvme', props: { id: 'c0', bus: 'port-c0', serial: 's' } });
  expect(seen[0]?.arguments).toEqual({ driver: 'nvme', id: 'c0', bus: 'port-c0', serial: 's' });
});
