#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
// Stands in for QEMU in tests of the life cycle: connects the sockets it is given, speaks
// enough QMP, and plays the guest that the kernel argument `fake=` names.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const args = process.argv.slice(2);
if (args[0] === '--version') {
  console.log('QEMU emulator version 9.8.7 (fake)');
  process.exit(0);
}
const append = args[args.indexOf('-append') + 1] ?? '';
const underKvm = args.includes('kvm') ? process.env.FAKE_QEMU_KVM : undefined;
const part = /fake=(\S+)/.exec(append)?.[1] ?? underKvm ?? 'good';
if (part === 'exit') {
  console.error('qemu-system-x86_64: -device nonsense: not a valid device model name');
  process.exit(1);
}
const pathOf = (id) => args.map((arg) => new RegExp(`^socket,id=${id},path=([^,]+)`).exec(arg)?.[1]).find(Boolean);
const socket = (id) => {
  const stream = connect(pathOf(id));
  stream.on('error', () => process.exit(1));
  return stream;
};
const qmp = socket('lmp.qmp');
const serial = socket('lmp.console');
const agent = socket('lmp.agent');
const send = (stream, value) => stream.write(`${JSON.stringify(value)}\n`);
const print = (...lines) => serial.write(lines.map((line) => `${line}\r\n`).join(''));

process.on('SIGTERM', () => {
  if (part !== 'stubborn') process.exit(0);
});

send(qmp, { QMP: { version: { qemu: { major: 9, minor: 8, micro: 7 }, package: 'fake' }, capabilities: [] } });
createInterface({ input: qmp }).on('line', (line) => {
  const { execute, id } = JSON.parse(line);
  if (execute === 'quit' && part !== 'stubborn') {
    send(qmp, { return: {}, id });
    qmp.end(() => process.exit(0));
  } else if (execute === 'query-status') send(qmp, { return: { status: 'running', running: true }, id });
  else if (execute === 'device_del') send(qmp, { error: { class: 'DeviceNotFound', desc: 'Device not found' }, id });
  else if (execute !== 'quit') send(qmp, { return: {}, id });
});

const hello = {
  agent: 1,
  release: '9.9.9-fake',
  version: '#1',
  machine: 'x86_64',
  cmdline: append,
  cpus: 1,
  uptimeSeconds: 1,
};
const panic = () => {
  print('[    2.000000] sysrq: Trigger a crash', '[    2.000001] Kernel panic - not syncing: sysrq triggered crash');
  serial.end('[    2.000002] CPU: 0 PID: 1 Comm: init\r\n', () => process.exit(0));
};
if (part !== 'mute') print('[    0.000000] Linux version 9.9.9-fake');
createInterface({ input: agent }).on('line', (line) => {
  const { id, op, args: given } = JSON.parse(line);
  if (part === 'silent' || part === 'mute') return;
  if (op === 'hello') send(agent, { id, ok: hello });
  else if (op === 'poweroff' && part !== 'no-poweroff' && part !== 'stubborn') process.exit(0);
  else if (op === 'file.read' && given.path === '/absent') {
    send(agent, { id, error: { errno: 'ENOENT', message: 'open /absent' } });
  } else if (op === 'file.read') send(agent, { id, ok: { data: given.path } });
  else if (op === 'file.write') {
    if (part === 'panic') panic();
    else if (part === 'oom') print('[    2.000000] Out of memory: Killed process 1 (mpath-agent) total-vm:4096kB');
    else if (part === 'garbage') agent.write('\u0007not json at all\n');
    else if (part === 'dies') process.kill(process.pid, 'SIGKILL');
    else if (part === 'channel') {
      agent.end();
    }
  }
});
if (part === 'early-panic') panic();
