// SPDX-License-Identifier: GPL-2.0-only
import type { Duplex } from 'node:stream';
import { GuestErrno } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail } from './errors.js';
import { GuestChannel, guestPort, type ChannelOptions } from './guest-channel.js';
import { LineSplitter } from './line-splitter.js';
import { chunked } from './testing/chunked.js';
import { streamPair } from './testing/stream-pair.js';

interface Request {
  readonly id: number;
  readonly op: string;
  readonly args: Readonly<Record<string, unknown>>;
}

type Agent = (request: Request, send: (line: string) => void, raw: string) => void;

const fakeAgent = (
  agent: Agent,
  options: ChannelOptions = {},
  cuts: readonly number[] = [],
): { channel: GuestChannel; guest: Duplex } => {
  const [ours, guest] = streamPair();
  const splitter = new LineSplitter(1 << 20);
  const send = (line: string): void => {
    for (const chunk of chunked(Buffer.from(`${line}\n`), cuts)) guest.write(chunk);
  };
  guest.on('data', (chunk: Uint8Array) => {
    // The request's shape is what this test relies on; a wrong one fails the expectations.
    for (const { text } of splitter.push(chunk)) agent(JSON.parse(text) as Request, send, text);
  });
  return { channel: new GuestChannel(ours, options), guest };
};

const ok = (id: number, value: unknown): string => JSON.stringify({ id, ok: value });

it('matches answers by id, in whatever order and pieces they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(300), { maxLength: 10 }), fc.integer({ min: 1, max: 5 }), async (cuts, calls) => {
      const held: (() => void)[] = [];
      const { channel } = fakeAgent(
        ({ id, args }, send) => {
          held.push(() => send(ok(id, { data: args['path'] })));
          if (held.length === calls) for (const release of held.toReversed()) release();
        },
        {},
        cuts,
      );
      const paths = Array.from({ length: calls }, (_, index) => `/sys/${index}/é`);
      const answers = await Promise.all(paths.map((path) => channel.call('file.read', { path })));
      expect(answers.map(({ data }) => data)).toEqual(paths);
    }),
    { numRuns: 50 },
  );
});

it('sends every byte value in ASCII alone', async () => {
  const data = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
  let raw = '';
  const { channel } = fakeAgent(({ id, args }, send, text) => {
    raw = text;
    send(ok(id, { written: String(args['data']).length }));
  });
  await expect(channel.call('file.write', { path: '/x', data })).resolves.toEqual({ written: 256 });
  expect(raw).toMatch(/^[\u0020-\u007e]+$/);
  expect(JSON.parse(raw)).toMatchObject({ args: { data } });
});

it('gives an errno of the guest as GuestErrno with the operation', async () => {
  const { channel } = fakeAgent(({ id }, send) =>
    send(JSON.stringify({ id, error: { errno: 'EINVAL', message: 'write /sys/x' } })),
  );
  const error: unknown = await channel
    .call('file.write', { path: '/sys/x', data: '1' })
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GuestErrno);
  expect(error).toMatchObject({ op: 'file.write', errno: 'EINVAL', message: 'write /sys/x' });
  // An errno is an ordinary answer: the channel lives on.
  await expect(channel.call('close', { fd: 3 })).rejects.toMatchObject({ errno: 'EINVAL' });
});

it('hands on events, and answers between them', async () => {
  const { channel } = fakeAgent(({ id }, send) => {
    send('{"event":"uevent","action":"add"}');
    send(ok(id, { fd: 3 }));
  });
  const events: unknown[] = [];
  const leave = channel.onEvent((event) => events.push(event));
  const port = guestPort(channel, {
    agent: 1,
    release: 'r',
    version: 'v',
    machine: 'm',
    cmdline: '',
    cpus: 1,
    uptimeSeconds: 1,
  });
  await expect(port.call('open', { path: '/dev/null', flags: ['RDONLY'] })).resolves.toEqual({ fd: 3 });
  leave();
  await port.call('open', { path: '/dev/null', flags: ['RDONLY'] });
  expect(events).toEqual([{ event: 'uevent', action: 'add' }]);
});

describe('deadlines', () => {
  it('waits the slack longer than the deadline of the call', async () => {
    const { channel } = fakeAgent(({ id }, send) => setTimeout(() => send(ok(id, { fd: 1 })), 60), { slackMs: 2_000 });
    await expect(channel.call('open', { path: '/x', flags: [] }, { deadlineMs: 1 })).resolves.toEqual({ fd: 1 });
  });

  it('takes the deadline among the arguments of an operation', async () => {
    const { channel } = fakeAgent(() => {}, { deadlineMs: 60_000, slackMs: 10 });
    const called = channel.call('io.wait', { job: 1, deadlineMs: 20 });
    await expect(called).rejects.toMatchObject({ code: 'LMP-712', message: expect.stringContaining('io.wait') });
  });

  it('takes an answer after the deadline for late, not for garbage', async () => {
    let late = (): void => {};
    const { channel } = fakeAgent(({ id, op }, send) => {
      if (op === 'hello') late = () => send(ok(id, {}));
      else send(ok(id, { fd: 1 }));
    });
    await expect(channel.call('hello', {}, { deadlineMs: 5, slackMs: 5 })).rejects.toMatchObject({ code: 'LMP-712' });
    late();
    await expect(channel.call('open', { path: '/x', flags: [] })).resolves.toEqual({ fd: 1 });
  });
});

describe('garbage', () => {
  const cases: [name: string, line: (id: number) => string, says: string][] = [
    ['no JSON', () => '\u001b[31mhello\u0000', 'no JSON: \\x1b[31mhello\\x00'],
    ['no object', () => '[1,2]', 'no object: [1,2]'],
    ['neither answer nor event', () => '{"a":1}', 'neither an answer nor an event'],
    ['an id never asked', () => ok(77, {}), 'never asked'],
    ['an id of the wrong type', () => '{"id":"1","ok":{}}', 'never asked'],
    ['a result of the wrong shape', (id) => ok(id, { fd: 'three' }), 'ok.fd is string, expected number'],
    ['no result at all', (id) => JSON.stringify({ id }), 'ok is undefined, expected object'],
    [
      'ok and error',
      (id) => JSON.stringify({ id, ok: { fd: 1 }, error: { errno: 'EIO', message: '' } }),
      'both ok and error',
    ],
    [
      'an errno that is no name',
      (id) => JSON.stringify({ id, error: { errno: 5, message: 'x' } }),
      'without errno name',
    ],
  ];
  it.each(cases)('%s ends the channel and is shown', async (_name, line, says) => {
    const { channel } = fakeAgent(({ id }, send) => send(line(id)));
    const called = channel.call('open', { path: '/x', flags: [] });
    await expect(called).rejects.toMatchObject({ code: 'LMP-711', message: expect.stringContaining(says) });
    await expect(channel.call('hello', {})).rejects.toMatchObject({ code: 'LMP-711' });
    await expect(channel.failed).resolves.toMatchObject({ code: 'LMP-711' });
  });

  it('an endless line is cut off in the host as well as in the message', async () => {
    const { channel, guest } = fakeAgent(() => {
      const block = Buffer.alloc(1 << 20, 0x61);
      for (let blocks = 0; blocks < 33; blocks++) guest.write(block);
      guest.write('\n');
    });
    const error: unknown = await channel.call('hello', {}).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'LMP-711', message: expect.stringContaining('34603008 bytes') });
    expect(String(error).length).toBeLessThan(600);
  });

  it('whatever line comes, a call ends with a number or with its answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (line) => {
        const { channel } = fakeAgent((_request, send) => send(line), { deadlineMs: 5, slackMs: 5 });
        await expect(channel.call('open', { path: '/x', flags: [] })).rejects.toMatchObject({
          code: expect.stringMatching(/^LMP-71[12]$/),
        });
      }),
      { numRuns: 60 },
    );
  });
});

it('rejects what waits when it is told to fail, and everything after', async () => {
  const { channel } = fakeAgent(() => {});
  const called = channel.call('hello', {});
  channel.fail(fail('LMP-710', { message: 'gone' }));
  channel.fail(fail('LMP-740', { message: 'second' }));
  await expect(called).rejects.toMatchObject({ code: 'LMP-710' });
  await expect(channel.call('hello', {})).rejects.toMatchObject({ code: 'LMP-710' });
});

it('says when the other end closes', async () => {
  const { channel, guest } = fakeAgent(() => guest.end());
  const called = channel.call('hello', {});
  await expect(channel.closed).resolves.toBeUndefined();
  channel.fail(fail('LMP-710', { message: 'gone' }));
  await expect(called).rejects.toMatchObject({ code: 'LMP-710' });
});

it('bounds the calls in flight', async () => {
  const { channel } = fakeAgent(() => {});
  const waiting = Array.from({ length: 1024 }, () => channel.call('hello', {}).catch((error: unknown) => error));
  await expect(channel.call('hello', {})).rejects.toMatchObject({ code: 'LMP-716' });
  channel.fail(fail('LMP-710', { message: 'gone' }));
  expect(new Set((await Promise.all(waiting)).map(String)).size).toBe(1);
});
