// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestOp, type GuestPort } from '@libmultipath/contract';
import { isLmpError, nearest } from '@libmultipath/errors';

/** Every operation of the agent; the table makes a new one in the contract a type error here. */
const operations: Readonly<Record<GuestOp, true>> = {
  hello: true,
  'file.read': true,
  'file.write': true,
  'file.stat': true,
  'dir.list': true,
  'dir.make': true,
  'dir.remove': true,
  'link.read': true,
  'link.make': true,
  'link.remove': true,
  'net.up': true,
  mount: true,
  'module.load': true,
  'module.unload': true,
  open: true,
  close: true,
  ioctl: true,
  'io.start': true,
  'io.wait': true,
  'io.poll': true,
  'load.start': true,
  'load.poll': true,
  'load.wait': true,
  'load.stop': true,
  'wait.until': true,
  'uevent.take': true,
  'ring.command': true,
  poweroff: true,
};

export const HELP = [
  'cat PATH          read a file          ls PATH     list a folder',
  'write PATH TEXT   write a line to it   stat PATH   what is there',
  'OPERATION {JSON}  any of the agent’s, e.g. file.stat {"path":"/dev/nvme0"}:',
  ...wrapped(Object.keys(operations)),
  'help              this                 exit        power off',
].join('\n');

function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + name.length < 79) lines[lines.length - 1] = `${line} ${name}`;
    else lines.push(`                  ${name}`);
  }
  return lines;
}

/** What the guest answers to a line, as text; never throws for what the guest refuses. */
export const answerTo = async (port: GuestPort, line: string): Promise<string> => {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const [path = '', ...text] = rest;
  try {
    switch (word) {
      case '':
        return '';
      case 'help':
        return HELP;
      case 'cat':
        return latin1((await port.call('file.read', { path })).data).trimEnd();
      case 'ls':
        return (await port.call('dir.list', { path })).names.join('\n');
      case 'stat':
        return JSON.stringify(await port.call('file.stat', { path }));
      case 'write': {
        const { written } = await port.call('file.write', { path, data: `${text.join(' ')}\n` });
        return `${String(written)} bytes`;
      }
    }
    if (!isOperation(word)) return unknown(word);
    const given = line.trim().slice(word.length).trim();
    // The agent checks the arguments; a wrong one comes back as EINVAL with its name.
    const args = (given === '' ? {} : JSON.parse(given)) as never;
    return JSON.stringify(await port.call(word, args));
  } catch (error) {
    if (error instanceof GuestErrno) return `${error.errno}: ${error.message}`;
    if (error instanceof SyntaxError) return `expected JSON after ${word}: ${error.message}`;
    if (isLmpError(error) && error.code === 'LMP-712') return error.format();
    throw error;
  }
};

const isOperation = (word: string): word is GuestOp => Object.hasOwn(operations, word);

/** File content comes as one character a byte. */
const latin1 = (data: string): string => Buffer.from(data, 'latin1').toString('utf8');

const unknown = (word: string): string => {
  const near = nearest(word, ['cat', 'ls', 'stat', 'write', 'help', 'exit', ...Object.keys(operations)]);
  return `there is no ${word}; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`help` lists what there is'}`;
};
