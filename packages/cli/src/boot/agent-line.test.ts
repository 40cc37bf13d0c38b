// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestHello, type GuestOp, type GuestPort } from '@libmultipath/contract';
import { LmpError } from '@libmultipath/errors';
import { expect, it } from 'vitest';
import { answerTo, HELP } from './agent-line.js';

const calls: [GuestOp, unknown][] = [];
const port = (answer: unknown): GuestPort => ({
  hello: {} as GuestHello, // nobody looks at it here
  call: (op, args) => {
    calls.push([op, args]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never); // the test's answer
  },
});
const ask = async (line: string, answer: unknown = {}) => {
  calls.length = 0;
  return { said: await answerTo(port(answer), line), calls: [...calls] };
};

it.each<[string, unknown, string, [GuestOp, unknown]]>([
  ['cat /a', { data: 'bytes: \u00c3\u00a4\n' }, 'bytes: ä', ['file.read', { path: '/a' }]],
  ['ls /b', { names: ['x', 'y'] }, 'x\ny', ['dir.list', { path: '/b' }]],
  ['stat /c', { kind: 'absent' }, '{"kind":"absent"}', ['file.stat', { path: '/c' }]],
  ['write /d two  words', { written: 10 }, '10 bytes', ['file.write', { path: '/d', data: 'two words\n' }]],
  ['  module.unload {"name":"nvme"} ', {}, '{}', ['module.unload', { name: 'nvme' }]],
  ['uevent.take', { events: [], lost: 0 }, '{"events":[],"lost":0}', ['uevent.take', {}]],
])('%s', async (line, answer, said, call) => {
  expect(await ask(line, answer)).toEqual({ said, calls: [call] });
});

it('what the guest refuses is an answer', async () => {
  expect((await ask('cat /x', new GuestErrno('file.read', 'ENOENT', 'open /x'))).said).toBe('ENOENT: open /x');
  const late = new LmpError('LMP-712', { message: 'no answer in time' });
  expect((await ask('hello', late)).said).toBe('LMP-712: no answer in time');
});

it('a machine that is gone is not', async () => {
  const gone = new LmpError('LMP-710', { message: 'the channel is closed' });
  await expect(answerTo(port(gone), 'hello')).rejects.toBe(gone);
});

it('what is not understood is said, and nothing is asked of the guest', async () => {
  expect(await ask('mont')).toEqual({ said: 'there is no mont; did you mean mount?', calls: [] });
  expect((await ask('open {')).said).toMatch(/^expected JSON after open: /);
  expect((await ask('constructor')).calls).toEqual([]);
  expect(await ask('')).toEqual({ said: '', calls: [] });
});

it('the help names every operation within 80 columns', async () => {
  const { said } = await ask('help');
  expect(said).toBe(HELP);
  expect(Math.max(...said.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const name of ['ioctl', 'load.start', 'wait.until', 'poweroff']) expect(said).toContain(name);
});
