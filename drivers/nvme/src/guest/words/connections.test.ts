// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { nvmeTopology } from '../../topology.js';
import { TargetPort } from '../target/port.js';
import { FakeGuest } from '../testing/fake-guest.js';
import { begin, end, traceText, type Line } from '../testing/trace-text.js';
import { GuestTrace } from '../trace/guest-trace.js';
import { newSession, type NvmeGuestWorld } from '../world.js';
import { guestAwaitFailfast, guestAwaitLoss, guestTargetOff, guestTargetOn } from './connections.js';

const TRACE = '/sys/kernel/tracing/instances/mpath_nvme/trace';
const C0 = '/sys/class/nvme/nvme4';
const LINK = '/sys/kernel/config/nvmet/ports/1/subsystems/nqn.2026-11.org.libmultipath:target';
const topology = nvmeTopology.parse({ transport: 'tcp', controllers: ['c0'], namespaces: [{ nsid: 1 }] });
const c0 = { controller: 'c0' };

const entry = (state: number): Line => ({
  event: 'ctrl_state',
  payload: `(nvme_change_ctrl_state+0x4/0x190) ctrl=0xa0 state=${String(state)}`,
});
const done = (moved: number): Line => ({
  event: 'ctrl_state_done',
  payload: `(x+0x1/0x2 <- nvme_change_ctrl_state) moved=${String(moved)}`,
});
const attached = [begin('attach', 'c0'), entry(3), done(1), entry(1), done(1), end('attach', 'c0')];

/** A guest with one connection, whose port is a file; `kernel` moves on after each change of the target. */
const machine = async (kernel: (guest: FakeGuest, what: 'off' | 'on') => void) => {
  const files = new Map([
    [`${C0}/address`, 'traddr=127.0.0.1,trsvcid=4421\n'],
    [`${C0}/state`, 'live\n'],
    [`${C0}/nvme4c4n1/nsid`, '1\n'],
    [LINK, ''],
    [TRACE, traceText(attached)],
  ]);
  const guest: FakeGuest = new FakeGuest(files, new Map(), {
    'link.remove': ({ path }) => {
      files.delete(path);
      kernel(guest, 'off');
      return {};
    },
    'link.make': ({ path }) => {
      files.set(path, '');
      kernel(guest, 'on');
      return {};
    },
  });
  const slots = new Map([['c0', new TargetPort('c0', 1)]]);
  const world: NvmeGuestWorld = {
    port: guest,
    topology,
    slots,
    trace: await GuestTrace.open(guest),
    session: newSession(),
  };
  const lines: Line[] = [...attached];
  const say = (...more: readonly Line[]): void => {
    lines.push(...more);
    files.set(TRACE, traceText(lines));
  };
  guest.onWrite = (path, data) => {
    if (path.endsWith('/trace_marker')) say({ event: 'tracing_mark_write', payload: data });
  };
  return { world, files, say };
};

test('target-off waits until the controller is connecting', async () => {
  let say: (...lines: readonly Line[]) => void = () => {};
  const made = await machine(() => say(entry(2), done(1), entry(2), done(0), entry(3), done(1)));
  say = made.say;
  await guestTargetOff(made.world, c0);
  expect(made.files.has(LINK)).toBe(false);
});

test('target-on of a controller that was given up waits for nobody', async () => {
  const { world, files } = await machine(() => {});
  files.delete(LINK);
  for (const path of files.keys()) if (path.startsWith(C0)) files.delete(path);
  await guestTargetOn(world, c0);
  expect(files.has(LINK)).toBe(true);
});

test('await-failfast waits for what the kernel says since the target went, and await-loss for the end of the controller', async () => {
  const { world, files, say } = await machine(() => {});
  say(begin('target-off', 'c0'), { event: 'console', payload: '[    3.1] nvme nvme4: failfast expired' });
  await guestAwaitFailfast(world, c0);
  world.session.devices.set('c0', ['259:1']);
  await expect(guestAwaitLoss(world, c0)).rejects.toMatchObject({ errno: 'ETIMEDOUT' });
  for (const path of files.keys()) if (path.startsWith(C0)) files.delete(path);
  await guestAwaitLoss(world, c0);
  expect(world.session.devices.has('c0')).toBe(false);
  await expect(guestAwaitFailfast(world, c0)).rejects.toMatchObject({ code: 'LMP-230' });
});
