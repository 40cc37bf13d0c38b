// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuestErrno, type GuestHello, type GuestPort } from '@libmultipath/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Artifacts, MachineLog } from './artifacts.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-artifacts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const text = (...path: string[]): Promise<string> => readFile(join(dir, ...path), 'utf8');
const hello = {} as GuestHello; // nobody looks at it here

it('each scenario has what its machine said while it ran, and nothing of an earlier run', async () => {
  for (const run of ['first', 'second']) {
    const artifacts = new Artifacts(dir);
    const log = new MachineLog();
    log.onConsole(`${run} boot`);
    log.onConsole('a ran');
    await artifacts.add('6.1.0', 'toy', 'a', log);
    log.onConsole('b ran');
    await artifacts.add('6.1.0', 'toy', 'b', log);
    log.onConsole('power off');
    await artifacts.add('6.1.0', 'toy', 'b', log);
  }
  expect(await text('6.1.0', 'toy', 'a', 'console.log')).toBe('second boot\na ran\n');
  expect(await text('6.1.0', 'toy', 'b', 'console.log')).toBe('b ran\npower off\n');
});

it('the trace has every call of the agent with its answer or error, long content cut', async () => {
  const port: GuestPort = {
    hello,
    call: (op) => {
      if (op === 'dir.list') return Promise.reject(new GuestErrno('dir.list', 'ENOENT', 'opendir: ENOENT'));
      return Promise.resolve({ data: 'x'.repeat(70_000) } as never); // file.read's shape
    },
  };
  const log = new MachineLog();
  const heard = log.listening(port);
  await heard.call('file.read', { path: '/sys/x' });
  await expect(heard.call('dir.list', { path: '/sys/y' })).rejects.toThrow('ENOENT');
  await new Artifacts(dir).add('k', 'd', 's', log);
  const [read = '', list = ''] = (await text('k', 'd', 's', 'trace.jsonl')).trim().split('\n');
  const data = `${'x'.repeat(65_536)}… (4464 characters more)`;
  expect(JSON.parse(read)).toEqual({ op: 'file.read', args: { path: '/sys/x' }, ok: { data } });
  expect(JSON.parse(list)).toEqual({ op: 'dir.list', args: { path: '/sys/y' }, error: 'opendir: ENOENT' });
});

it('keeps the newest lines of a console that does not stop', () => {
  const log = new MachineLog();
  for (let nth = 0; nth < 20_005; nth++) log.onConsole(String(nth));
  const { console } = log.take();
  expect([console.length, console[0]]).toEqual([20_000, '5']);
});

it('no name leads out of the folder', async () => {
  const log = new MachineLog();
  log.onConsole('x');
  await new Artifacts(join(dir, 'in')).add('../..', '..', 'a/b', log);
  expect(await readdir(dir)).toEqual(['in']);
  expect(await readdir(join(dir, 'in'))).toEqual(['%2E.%2F..']);
});

it('a folder that cannot be made is a numbered error', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(new Artifacts(join(dir, 'file', 'below')).add('k', 'd', 's', new MachineLog())).rejects.toMatchObject({
    code: 'LMP-916',
  });
});
