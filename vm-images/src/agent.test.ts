// SPDX-License-Identifier: GPL-2.0-only
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAgent, type AgentProcess } from './testing/agent-process.js';
import { buildSanitizedAgent } from './testing/sanitized-agent.js';

let dir: string;
let program: string;
let agent: AgentProcess;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mpath-agent-'));
  program = await buildSanitizedAgent(dir);
}, 180_000);
afterAll(() => rm(dir, { recursive: true, force: true }));
beforeEach(() => {
  agent = startAgent(program);
});
afterEach(async () => {
  // Sanitizer reports and leaks show here: they make the exit code non-zero.
  const { code, stderr } = await agent.close();
  if (code !== 0 || stderr !== '') throw new Error(`the agent ended with ${code}: ${stderr}`);
});

const path = (name: string): string => join(dir, name);
const errnoOf = async (op: string, args?: Record<string, unknown>): Promise<string | undefined> =>
  (await agent.ask(op, args)).error?.errno;

describe('the channel', () => {
  it('begins with a ready event that says who it is, as hello does', async () => {
    const ready = await agent.event();
    const { event, ...identity } = ready as Record<string, unknown>;
    expect(event).toBe('ready');
    expect(await agent.call('hello')).toEqual(identity);
    expect(identity).toMatchObject({ agent: 1, machine: 'x86_64' });
  });

  it('answers a line that is no request with an event, and goes on', async () => {
    await agent.event();
    const lines = ['garbage', '{"id":1', '[]', '{"op":"hello"}', '{"id":-1,"op":"hello"}', '{"id":1.5,"op":"hello"}'];
    for (const line of lines) {
      agent.raw(`${line}\n`);
      expect(await agent.event()).toMatchObject({ event: 'error', message: expect.stringContaining('no request') });
    }
    expect(await agent.call('file.stat', { path: dir })).toMatchObject({ kind: 'dir' });
  });

  it('throws away a line that is too long, and understands the next', async () => {
    await agent.event();
    agent.raw(Buffer.alloc(5 << 20, 'x'));
    agent.raw('\n');
    expect(await agent.event()).toMatchObject({ event: 'error', message: expect.stringContaining('4194303') });
    expect(await agent.call('file.stat', { path: dir })).toMatchObject({ kind: 'dir' });
  });

  it('answers an unknown operation with ENOSYS and wrong arguments with EINVAL', async () => {
    expect(await errnoOf('file.eat')).toBe('ENOSYS');
    expect(await errnoOf('file.read')).toBe('EINVAL');
    expect(await errnoOf('file.read', { path: 7 })).toBe('EINVAL');
    expect(await errnoOf('file.read', { path: 'a\0b' })).toBe('EINVAL');
    expect(await errnoOf('close', { fd: 1.5 })).toBe('EINVAL');
    expect(await errnoOf('open', { path: dir, flags: ['SIDEWAYS'] })).toBe('EINVAL');
  });

  it('survives any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => array.map((byte) => (byte === 10 ? 11 : byte)));
    const json = fc.json({ maxDepth: 20 }).map((text) => Buffer.from(text.replaceAll('\n', ' ')));
    const cut = fc
      .tuple(fc.constantFrom('{"id":3,"op":"wait.until","args":{"all":[{"path":"/x"}]}}', '"\\u00e4\\n\\q'), fc.nat(60))
      .map(([text, at]) => Buffer.from(text.slice(0, at)));
    const samples = fc.sample(fc.oneof(bytes, json, cut), { numRuns: 400, seed: 11 });
    for (const sample of samples) {
      agent.raw(sample);
      agent.raw('\n');
    }
    expect(await agent.call('file.stat', { path: dir })).toMatchObject({ kind: 'dir' });
  });

  it('serves others while one waits', async () => {
    const slow = agent.ask('wait.until', { all: [{ path: path('later'), is: 'present' }], deadlineMs: 10_000 });
    expect(await agent.call('file.stat', { path: path('later') })).toMatchObject({ kind: 'absent' });
    await agent.call('file.write', { path: path('later'), data: '', create: true });
    expect((await slow).ok).toMatchObject({ waitedMs: expect.any(Number) });
  });

  it('refuses more requests at once than it has room for, and answers every one', async () => {
    const condition = { all: [{ path: path('never'), is: 'present' }], deadlineMs: 300, pollMs: 100 };
    const answers = await Promise.all(Array.from({ length: 200 }, () => agent.ask('wait.until', condition)));
    const errnos = answers.map(({ error }) => error?.errno);
    expect(new Set(errnos)).toEqual(new Set(['ETIMEDOUT', 'EAGAIN']));
    expect(errnos.filter((errno) => errno === 'ETIMEDOUT').length).toBeGreaterThanOrEqual(128);
  });
});

describe('files', () => {
  it('carries every byte both ways', async () => {
    const bytes = fc.uint8Array({ maxLength: 600 });
    for (const sample of [
      ...fc.sample(bytes, { numRuns: 40, seed: 5 }),
      Uint8Array.from({ length: 256 }, (_, i) => i),
    ]) {
      const data = Buffer.from(sample).toString('latin1');
      await agent.call('file.write', { path: path('bytes'), data, create: true });
      expect(await readFile(path('bytes'))).toEqual(Buffer.from(sample));
      expect(await agent.call('file.read', { path: path('bytes') })).toEqual({ data });
    }
  });

  it('reads at most maxBytes, and procfs files to their end', async () => {
    await writeFile(path('long'), 'x'.repeat(300_000));
    expect((await agent.call('file.read', { path: path('long'), maxBytes: 10 }))['data']).toBe('x'.repeat(10));
    expect((await agent.call('file.read', { path: path('long') }))['data']).toHaveLength(300_000);
    expect((await agent.call('file.read', { path: '/proc/self/status' }))['data']).toContain('agent-sanitize');
  });

  it('appends, creates and refuses as open(2) does', async () => {
    expect(await errnoOf('file.write', { path: path('new'), data: 'a' })).toBe('ENOENT');
    expect(await agent.call('file.write', { path: path('new'), data: 'ab', create: true })).toEqual({ written: 2 });
    await agent.call('file.write', { path: path('new'), data: 'cd', append: true });
    expect(await readFile(path('new'), 'utf8')).toBe('abcd');
    await agent.call('file.write', { path: path('new'), data: 'z' });
    expect(await readFile(path('new'), 'utf8')).toBe('z');
    expect(await agent.call('file.write', { path: path('new'), data: 'X', offsetBytes: 2 })).toEqual({ written: 1 });
    expect(await readFile(path('new'), 'utf8')).toBe('z\0X');
    expect(await errnoOf('file.write', { path: dir, data: '' })).toBe('EISDIR');
    expect(await errnoOf('file.write', { path: '/dev/full', data: 'x' })).toBe('ENOSPC');
  });

  it('tells kinds apart, and absence is an answer', async () => {
    await symlink('nowhere', path('dangling'));
    expect(await agent.call('file.stat', { path: path('dangling') })).toMatchObject({ kind: 'link' });
    expect(await agent.call('file.stat', { path: '/dev/null' })).toMatchObject({ kind: 'char', major: 1, minor: 3 });
    expect(await agent.call('file.stat', { path: '/dev/null/x' })).toMatchObject({ kind: 'absent' });
    expect(await agent.call('link.read', { path: path('dangling') })).toEqual({ target: 'nowhere' });
    expect(await errnoOf('link.read', { path: path('dangling'), resolve: true })).toBe('ENOENT');
    expect(await agent.call('link.read', { path: `${dir}/../${dir.split('/').at(-1) ?? ''}`, resolve: true })).toEqual({
      target: dir,
    });
  });

  it('makes, lists bytewise and removes directories', async () => {
    await agent.call('dir.make', { path: path('d') });
    expect(await errnoOf('dir.make', { path: path('d') })).toBe('EEXIST');
    for (const name of ['b', 'a10', 'a2', 'Z', '\u00e4']) {
      await agent.call('file.write', { path: path(`d/${name}`), data: '', create: true });
    }
    expect(await agent.call('dir.list', { path: path('d') })).toEqual({ names: ['Z', 'a10', 'a2', 'b', '\u00e4'] });
    expect(await errnoOf('dir.remove', { path: path('d') })).toBe('ENOTEMPTY');
    await mkdir(path('empty'));
    await agent.call('dir.remove', { path: path('empty') });
    await agent.call('link.make', { target: '../d', path: path('made') });
    expect(await agent.call('link.read', { path: path('made') })).toEqual({ target: '../d' });
    expect(await errnoOf('link.make', { target: 'x', path: path('made') })).toBe('EEXIST');
    await agent.call('link.remove', { path: path('made') });
    expect(await errnoOf('link.remove', { path: path('made') })).toBe('ENOENT');
    expect(await agent.call('file.stat', { path: path('empty') })).toMatchObject({ kind: 'absent' });
  });

  it('brings an interface up, and says when there is none of that name', async () => {
    expect(await errnoOf('net.up', { interface: 'nothing0' })).toBe('ENODEV');
    expect(await errnoOf('net.up', { interface: 'x'.repeat(16) })).toBe('EINVAL');
  });
});

describe('descriptors', () => {
  it('gives back only what it opened itself', async () => {
    expect(await errnoOf('close', { fd: 0 })).toBe('EBADF');
    expect(await errnoOf('io.start', { fd: 0, kind: 'pread', offsetBytes: 0, lengthBytes: 1 })).toBe('EBADF');
    const { fd } = await agent.call('open', { path: '/dev/null', flags: ['RDWR'] });
    await agent.call('close', { fd });
    expect(await errnoOf('close', { fd })).toBe('EBADF');
  });

  it('passes a buffer through ioctl', async () => {
    await writeFile(path('f'), 'hello');
    const { fd } = await agent.call('open', { path: path('f'), flags: ['RDONLY'] });
    const FIONREAD = 0x541b;
    expect(await agent.call('ioctl', { fd, request: FIONREAD, hex: '00000000' })).toEqual({
      value: 0,
      hex: '05000000',
    });
    expect(await errnoOf('ioctl', { fd, request: 0xffffffff, hex: '' })).toBe('ENOTTY');
    expect(await errnoOf('ioctl', { fd, request: FIONREAD, hex: '0' })).toBe('EINVAL');
    expect(await errnoOf('ioctl', { fd, request: FIONREAD, hex: 'AB' })).toBe('EINVAL');
  });

  it('sends a command through a ring, which a plain file does not take', async () => {
    await writeFile(path('f'), 'hello');
    const { fd } = await agent.call('open', { path: path('f'), flags: ['RDONLY'] });
    expect(await errnoOf('ring.command', { fd, request: 1, hex: '' })).toBe('EOPNOTSUPP');
    expect(await errnoOf('ring.command', { fd, request: 1, hex: '00'.repeat(81) })).toBe('EINVAL');
  });
});

describe('single transfers', () => {
  const start = async (kind: string, rest: Record<string, unknown>): Promise<unknown> => {
    const { fd } = await agent.call('open', { path: path('io'), flags: ['RDWR'] });
    return (await agent.call('io.start', { fd, kind, offsetBytes: 0, lengthBytes: 4096, ...rest }))['job'];
  };
  const end = async (job: unknown): Promise<Record<string, unknown>> =>
    agent.call('io.wait', { job, deadlineMs: 5000 });

  it('finds the pattern that was written, for that seed and place alone', async () => {
    await writeFile(path('io'), Buffer.alloc(16_384));
    expect(await end(await start('pwrite', { seed: 9, offsetBytes: 4096 }))).toEqual({
      bytes: 4096,
      errno: '',
      verified: false,
    });
    expect(await end(await start('pread', { seed: 9, offsetBytes: 4096 }))).toMatchObject({ verified: true });
    expect(await end(await start('pread', { seed: 9, offsetBytes: 5003, lengthBytes: 77 }))).toMatchObject({
      verified: true,
    });
    expect(await end(await start('pread', { seed: 8, offsetBytes: 4096 }))).toMatchObject({ verified: false });
    expect(await end(await start('pread', { seed: 9, offsetBytes: 0 }))).toMatchObject({ verified: false });
  });

  it('gives a failed transfer as a result', async () => {
    const { fd } = await agent.call('open', { path: path('io'), flags: ['RDONLY'] });
    const { job } = await agent.call('io.start', { fd, kind: 'pwrite', offsetBytes: 0, lengthBytes: 1 });
    expect(await end(job)).toEqual({ bytes: -1, errno: 'EBADF', verified: false });
    expect(await errnoOf('io.wait', { job, deadlineMs: 1 })).toBe('ESRCH');
  });

  it('refuses a CPU that is not there', async () => {
    const { fd } = await agent.call('open', { path: path('io'), flags: ['RDONLY'] });
    expect(await errnoOf('io.start', { fd, kind: 'pread', offsetBytes: 0, lengthBytes: 1, cpu: 1000 })).toBe('EINVAL');
  });
});

describe('loads', () => {
  const load = { path: '', kind: 'write-verify', depth: 4, blockBytes: 4096, spanBytes: 65_536, seed: 3 };
  const device = async (): Promise<string> => {
    await writeFile(path('disk'), '');
    await truncate(path('disk'), 65_536);
    return path('disk');
  };

  it('writes the number of blocks it is told, reads each place back, and a second load agrees', async () => {
    const disk = await device();
    const { load: first } = await agent.call('load.start', { ...load, path: disk, blocks: 16 });
    expect(await agent.call('load.wait', { load: first, blocks: 16, deadlineMs: 5000 })).toMatchObject({
      completed: 16,
    });
    expect(await errnoOf('load.wait', { load: first, blocks: 17, deadlineMs: 5000 })).toBe('ENODATA');
    // The stream ended by its number; the stop waits for the verification alone.
    expect(await agent.call('load.stop', { load: first, deadlineMs: 5000 })).toEqual({
      submitted: 16,
      completed: 16,
      failed: 0,
      errors: {},
      verified: 16,
      corrupt: 0,
    });
    const { load: second } = await agent.call('load.start', { ...load, path: disk, kind: 'read', blocks: 32 });
    await agent.call('load.wait', { load: second, blocks: 32, deadlineMs: 5000 });
    expect(await agent.call('load.stop', { load: second, deadlineMs: 5000 })).toMatchObject({
      verified: 32,
      corrupt: 0,
    });
    expect(await errnoOf('load.poll', { load: second })).toBe('ESRCH');
  });

  it('overwrites in later passes with other content, and verifies the last', async () => {
    const disk = await device();
    const { load: number } = await agent.call('load.start', { ...load, path: disk });
    await agent.call('load.wait', { load: number, blocks: 100, deadlineMs: 5000 });
    const result = await agent.call('load.stop', { load: number, deadlineMs: 5000 });
    expect(result).toMatchObject({ failed: 0, verified: 16, corrupt: 0 });
    expect(result['submitted']).toBe(result['completed']);
  });

  it('finds a block that changed behind its back', async () => {
    const disk = await device();
    const { load: first } = await agent.call('load.start', { ...load, path: disk, blocks: 16 });
    await agent.call('load.wait', { load: first, blocks: 16, deadlineMs: 5000 });
    await agent.call('load.stop', { load: first, deadlineMs: 5000 });
    const content = await readFile(disk);
    content[5 * 4096 + 4095] = (content[5 * 4096 + 4095] ?? 0) ^ 1;
    await writeFile(disk, content);
    const { load: second } = await agent.call('load.start', { ...load, path: disk, kind: 'read', blocks: 16 });
    await agent.call('load.wait', { load: second, blocks: 16, deadlineMs: 5000 });
    expect(await agent.call('load.stop', { load: second, deadlineMs: 5000 })).toMatchObject({
      verified: 16,
      corrupt: 1,
    });
  });

  it('counts failed requests by errno', async () => {
    await writeFile(path('short'), Buffer.alloc(4096));
    const args = { path: path('short'), kind: 'read', depth: 1, blockBytes: 4096, spanBytes: 16_384, blocks: 4 };
    const { load: number } = await agent.call('load.start', args);
    await agent.call('load.wait', { load: number, blocks: 4, deadlineMs: 5000 });
    expect(await agent.call('load.stop', { load: number, deadlineMs: 5000 })).toMatchObject({
      completed: 4,
      failed: 3,
      errors: { short: 3 },
    });
  });

  it('refuses what cannot be', async () => {
    const disk = await device();
    for (const wrong of [{ depth: 0 }, { blockBytes: 100 }, { spanBytes: 5000 }, { kind: 'mangle' }, { seed: -1 }]) {
      expect(await errnoOf('load.start', { ...load, path: disk, ...wrong })).toBe('EINVAL');
    }
    expect(await errnoOf('load.start', { ...load, path: path('absent') })).toBe('ENOENT');
  });
});

describe('wait.until', () => {
  const until = (all: unknown[], deadlineMs = 50): Promise<string | undefined> =>
    errnoOf('wait.until', { all, deadlineMs });

  it('knows presence, absence, content and counts, with one star in a component', async () => {
    await mkdir(path('w/x1'), { recursive: true });
    await mkdir(path('w/x2'));
    await writeFile(path('w/x1/state'), 'live\n');
    await writeFile(path('w/x2/state'), 'live\n');
    const all = [
      { path: path('w/x1'), is: 'present' },
      { path: path('w/y'), is: 'absent' },
      { path: path('w/x*'), is: 'count', count: 2 },
      { path: path('w/*/state'), is: 'content', equals: 'live' },
      { path: path('w/*1/sta*'), is: 'content', contains: 'iv', not: 'dead' },
    ];
    expect(await until(all)).toBeUndefined();
  });

  it('times out with the first unmet condition and what stood there', async () => {
    await writeFile(path('w/x2/state'), 'dead\n');
    const answer = await agent.ask('wait.until', {
      all: [
        { path: path('w/x1'), is: 'present' },
        { path: path('w/*/state'), is: 'content', equals: 'live' },
      ],
      deadlineMs: 30,
    });
    expect(answer.error?.errno).toBe('ETIMEDOUT');
    expect(answer.error?.message).toContain(`${path('w/x2/state')} holds "dead\n"`);
    expect(await until([{ path: path('w/x*'), is: 'count', count: 3 }])).toBe('ETIMEDOUT');
    expect(await until([{ path: path('nothing'), is: 'content', not: 'x' }])).toBe('ETIMEDOUT');
  });

  it('refuses conditions that it does not know', async () => {
    expect(await until([{ path: '/', is: 'content' }])).toBe('EINVAL');
    expect(await until([{ path: '/', is: 'count' }])).toBe('EINVAL');
    expect(await until([{ path: '/', is: 'odd' }])).toBe('EINVAL');
    expect(await until([{}])).toBe('EINVAL');
  });
});

describe('the command line of the kernel', () => {
  const paramsOf = (file: string, cmdline: string): Promise<string> =>
    new Promise((done, reject) => {
      const child = execFile(program, ['--module-params', file], (error, stdout) =>
        error === null ? done(stdout.replace(/\n$/, '')) : reject(new Error('--module-params', { cause: error })),
      );
      child.stdin?.end(cmdline);
    });

  it.each([
    ['one', 'quiet scsi_mod.scan=manual ro', 'scan=manual'],
    ['several, in order', 'scsi_mod.a=1 other.b=2 scsi_mod.c scsi_mod.d=', 'a=1 c d='],
    ['with a dash for an underscore', 'scsi-mod.inq=2', 'inq=2'],
    ['with a quoted space', 'scsi_mod.flags="a b" x', 'flags="a b"'],
    ['of a module whose name only begins alike', 'scsi_mod2.a=1 scsi.b=1 xscsi_mod.c=1', ''],
    ['none', '', ''],
  ])('gives a module its parameters: %s', async (_what, cmdline, expected) => {
    expect(await paramsOf('/modules/kernel/drivers/scsi/scsi_mod.ko', cmdline)).toBe(expected);
  });

  it('gives each module its own, whatever else stands there', async () => {
    const word = fc.stringMatching(/^[a-z]{1,6}(?:\.[a-z]{1,4}=[0-9]{1,3})?$/);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), fc.stringMatching(/^[a-z]{1,6}$/), async (words, name) => {
        const own = words.filter((one) => one.startsWith(`${name}.`)).map((one) => one.slice(name.length + 1));
        expect(await paramsOf(`${name}.ko`, `${words.join('  ')}\n`)).toBe(own.join(' '));
      }),
      { numRuns: 40 },
    );
  });
});

describe('the rest', () => {
  it('gives uevents as a list, and modules and mounts fail with their errno', async () => {
    expect(await agent.call('uevent.take')).toEqual({ events: expect.any(Array), lost: expect.any(Number) });
    expect(await errnoOf('module.load', { path: path('none.ko') })).toBe('ENOENT');
    expect(['ENOENT', 'EPERM', 'ENOSYS']).toContain(await errnoOf('module.unload', { name: 'no_such_module' }));
    const unmountable = { source: 'none', target: path('none'), fstype: 'nofs' };
    expect(['ENOENT', 'EPERM', 'ENODEV']).toContain(await errnoOf('mount', unmountable));
  });

  it('answers a power-off before it ends', async () => {
    expect(await agent.call('poweroff')).toEqual({});
  });
});
