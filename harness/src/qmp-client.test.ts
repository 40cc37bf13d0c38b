// SPDX-License-Identifier: GPL-2.0-only
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QmpRefusal } from './errors.js';
import { LineSplitter } from './line-splitter.js';
import { QmpClient } from './qmp-client.js';
import { chunked } from './testing/chunked.js';
import { streamPair } from './testing/stream-pair.js';

const GREETING = { QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: 'Debian' }, capabilities: [] } };

interface Command {
  readonly execute: string;
  readonly id: number;
  readonly arguments?: unknown;
}

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'execute' in value && 'id' in value;

/** A QEMU of a few lines; `cuts` says where its output is broken into chunks. */
const fakeQemu = (
  answer: (command: Command, send: (value: unknown) => void) => void,
  cuts: readonly number[] = [],
): Duplex => {
  const [ours, theirs] = streamPair();
  const send = (value: unknown): void => {
    for (const chunk of chunked(Buffer.from(`${JSON.stringify(value)}\r\n`), cuts)) theirs.write(chunk);
  };
  const splitter = new LineSplitter(1 << 20);
  theirs.on('data', (chunk: Uint8Array) => {
    for (const { text } of splitter.push(chunk)) {
      const command: unknown = JSON.parse(text);
      if (!isCommand(command)) throw new Error(`no command: ${text}`);
      if (command.execute === 'qmp_capabilities') send({ return: {}, id: command.id });
      else answer(command, send);
    }
  });
  send(GREETING);
  return ours;
};

it('negotiates, and gives the version of the greeting', async () => {
  const { version } = await QmpClient.open(fakeQemu(() => {}));
  expect(version.qemu).toEqual({ major: 7, minor: 2, micro: 22 });
});

it('matches answers to calls by id, in whatever order and pieces they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(400), { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), async (cuts, calls) => {
      const held: (() => void)[] = [];
      const stream = fakeQemu(({ id, arguments: given }, send) => {
        held.push(() => send({ return: { echo: given, text: 'ä€😀' }, id }));
        if (held.length === calls) for (const release of held.toReversed()) release();
      }, cuts);
      const { qmp } = await QmpClient.open(stream);
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, index) => qmp.execute('device_del', { id: `d${index}` })),
      );
      expect(answers).toEqual(
        Array.from({ length: calls }, (_, index) => ({ echo: { id: `d${index}` }, text: 'ä€😀' })),
      );
    }),
    { numRuns: 50 },
  );
});

it('gives a refusal as a value with class and description', async () => {
  const { qmp } = await QmpClient.open(
    fakeQemu(({ id }, send) => send({ error: { class: 'DeviceNotFound', desc: "Device 'x' not found" }, id })),
  );
  const error: unknown = await qmp.execute('device_del', { id: 'x' }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(QmpRefusal);
  expect(error).toMatchObject({ code: 'LMP-713', command: 'device_del', errorClass: 'DeviceNotFound' });
});

it('gives up on a command at its deadline, and takes the late answer for nobody', async () => {
  let late = (): void => {};
  const { qmp } = await QmpClient.open(
    fakeQemu(({ execute, id }, send) => {
      if (execute === 'stop') late = () => send({ return: {}, id });
      else send({ return: { status: 'running', running: true }, id });
    }),
  );
  await expect(qmp.execute('stop', {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'LMP-714' });
  late();
  await expect(qmp.execute('query-status')).resolves.toEqual({ status: 'running', running: true });
});

it('hands events to listeners until they leave, and awaits the next that fits', async () => {
  const { qmp } = await QmpClient.open(
    fakeQemu(({ id, arguments: given }, send) => {
      send({
        event: 'DEVICE_DELETED',
        data: { device: 'other', path: '/other' },
        timestamp: { seconds: 1, microseconds: 2 },
      });
      send({
        event: 'DEVICE_DELETED',
        data: { ...Object(given), path: '/p' },
        timestamp: { seconds: 1, microseconds: 3 },
      });
      send({ return: {}, id });
    }),
  );
  const seen: string[] = [];
  const leave = qmp.on('DEVICE_DELETED', ({ path }) => seen.push(path));
  const next = qmp.next('DEVICE_DELETED', {}).catch((error: unknown) => error);
  const [event] = await Promise.all([next, qmp.execute('device_del', { id: 'c0' })]);
  expect(event).toEqual({ device: 'other', path: '/other' });
  leave();
  await qmp.execute('device_del', { id: 'c1' });
  expect(seen).toEqual(['/other', '/p']);
});

it('rejects what waits, and what comes later, when QEMU closes the socket', async () => {
  const stream = fakeQemu(() => stream.destroy());
  const { qmp } = await QmpClient.open(stream);
  await expect(qmp.execute('query-status')).rejects.toMatchObject({ code: 'LMP-715' });
  await expect(qmp.execute('query-status')).rejects.toMatchObject({ code: 'LMP-715' });
});

it('refuses what is no QMP, and shows it escaped', async () => {
  const [ours, theirs] = streamPair();
  theirs.write('\u0001SSH-2.0\n');
  await expect(QmpClient.open(ours)).rejects.toThrow('no QMP: \\x01SSH-2.0');
});

it('does not wait for a greeting for ever', async () => {
  const [ours] = streamPair();
  await expect(QmpClient.open(ours, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'LMP-714' });
});
