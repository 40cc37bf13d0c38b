// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestOp, type GuestOps, type GuestPort, type MachinePort } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsiTopology } from '../topology.js';
import { observations, steps } from '../words.js';
import { openGuest } from './open.js';
import { resetGuest } from './reset.js';
import type { ScsiGuestWorld } from './world.js';

/** Two hosts with a disk each, as sysfs has them: enough to scan, delete, set a state and read. */
class Guest implements Omit<GuestPort, 'machine'> {
  readonly hello = { agent: 1, release: '7.3', version: '', machine: '', cmdline: '', cpus: 2, uptimeSeconds: 1 };
  readonly writes: string[] = [];
  readonly here = new Map([
    ['0:0:0:0', { serial: 'path-a', wwid: 'naa.5000000000000001', state: 'running', disk: 'sda' }],
    ['1:0:0:0', { serial: 'path-b', wwid: 'naa.5000000000000001', state: 'running', disk: 'sdb' }],
  ]);
  readonly attached = new Set(this.here.keys());
  readonly events: Record<string, string>[] = [];
  /** What was done to the machine around it. */
  readonly moved: string[] = [];
  /** Is sd_mod in use? Gone: it was unloaded. */
  sd: 'idle' | 'busy' | 'gone' | 'built in' = 'idle';
  machine: MachinePort | undefined = {
    unplug: async (id) => {
      this.moved.push(`out ${id}`);
      this.attached.delete(id === 'path-a' ? '0:0:0:0' : '1:0:0:0');
    },
    plug: async ({ props }) => {
      this.moved.push(`in ${String(props['id'])}`);
    },
  };

  /** How its hosts look for devices. */
  constructor(private readonly scan = 'manual') {}

  async call<K extends GuestOp>(op: K, args: GuestOps[K]['args']): Promise<GuestOps[K]['result']> {
    // Keyed by `op`, so the answer is of its type.
    return this.answer(op, args) as GuestOps[K]['result'];
  }

  private answer(op: GuestOp, args: Record<string, unknown>): unknown {
    const path = String(args['path']);
    switch (op) {
      case 'dir.list':
        return { names: this.list(path) };
      case 'file.read':
        return { data: this.read(path) };
      case 'file.stat':
        return { kind: this.exists(path) ? 'file' : 'absent', mode: 0, major: 0, minor: 0 };
      case 'file.write':
        return this.write(path, String(args['data']));
      case 'uevent.take':
        return { events: this.events.splice(0), lost: 0 };
      case 'module.unload':
        if (this.sd === 'busy') throw new GuestErrno(op, 'EAGAIN', path);
        this.sd = 'gone';
        return {};
      case 'module.load':
        this.moved.push(`insmod ${path}`);
        this.sd = 'idle';
        for (const address of this.attached) this.announce(address);
        return { loaded: true };
      case 'open':
        if (this.device(path.replace('/dev/', ''))?.state === 'offline') throw new GuestErrno(op, 'ENXIO', path);
        return { fd: 3 };
      case 'io.start':
        return { job: 1, tid: 1 };
      case 'io.wait':
        return { bytes: 4_096, errno: '', verified: false };
      default:
        return {};
    }
  }

  private device(disk: string) {
    return [...this.here.values()].find((one) => one.disk === disk);
  }

  private address(path: string): string | undefined {
    const [address] = /\d:\d:\d:\d/.exec(path) ?? [];
    return address !== undefined && this.attached.has(address) ? address : undefined;
  }

  private list(path: string): string[] {
    if (path.endsWith('scsi_host')) return ['host0', 'host1'];
    if (path.endsWith('scsi_device')) return [...this.attached];
    const address = this.address(path);
    if (address === undefined) throw new GuestErrno('dir.list', 'ENOENT', path);
    return [this.here.get(address)?.disk ?? ''];
  }

  private read(path: string): string {
    const device = this.here.get(this.address(path) ?? '');
    if (path === '/etc/mpath/modules') return '/lib/modules/sg.ko\n/lib/modules/sd_mod.ko\n';
    if (path.endsWith('parameters/scan')) return `${this.scan}\n`;
    if (path.endsWith('vpd_pg80')) return `\0\x80\0\x06${device?.serial ?? ''}`;
    if (path.endsWith('wwid')) return `${device?.wwid ?? ''}\n`;
    if (path.endsWith('state')) return `${device?.state ?? ''}\n`;
    if (path.endsWith('size')) return '65536\n';
    if (path.endsWith('hidden')) return '0\n';
    throw new GuestErrno('file.read', 'EINVAL', path);
  }

  private announce(address: string): void {
    this.events.push({ ACTION: 'add', DEVPATH: `/devices/x/${address}/block/sd${address.slice(0, 1)}` });
  }

  private exists(path: string): boolean {
    if (path === '/sys/bus/scsi/drivers/sd') return this.sd !== 'gone';
    if (path === '/sys/module/sd_mod/refcnt') return this.sd !== 'gone' && this.sd !== 'built in';
    return !path.includes('scsi_mpath') && (this.address(path) !== undefined || path.startsWith('/sys/block'));
  }

  private write(path: string, data: string): unknown {
    this.writes.push(`${path} ${data.trim()}`);
    const address = this.address(path);
    if (path.endsWith('/delete') && address !== undefined) this.attached.delete(address);
    const [, host] = /host(\d)\/scan$/.exec(path) ?? [];
    if (host !== undefined) {
      const found = `${host}:0:0:0`;
      this.attached.add(found);
      this.announce(found);
    }
    const device = this.here.get(address ?? '');
    if (path.endsWith('/state') && device !== undefined) {
      if (!['running', 'offline'].includes(data.trim())) throw new GuestErrno('file.write', 'EINVAL', path);
      device.state = data.trim();
    }
    return { written: data.length };
  }
}

/** As the interface has it: without a machine rather than with none. */
const portOf = (guest: Guest): GuestPort => {
  const call: GuestPort['call'] = (op, args) => guest.call(op, args);
  const { hello, machine } = guest;
  return machine === undefined ? { hello, call } : { hello, call, machine };
};

const open = async (guest = new Guest()): Promise<{ readonly guest: Guest; readonly world: ScsiGuestWorld }> => ({
  guest,
  world: await openGuest(portOf(guest), scsiTopology.parse({ paths: ['a', 'b'] })),
});

const noArgs = {};

describe('the words in a guest', () => {
  it('find each path by its serial number, and begin with none attached', async () => {
    const { guest, world } = await open();
    expect([...world.nexuses.values()].map(({ label, address }) => `${label} ${address}`)).toEqual([
      'a 0:0:0:0',
      'b 1:0:0:0',
    ]);
    expect(guest.attached.size).toBe(0);
    expect(await observations.paths.guest(world, noArgs)).toEqual({});
  });

  it('say LMP-261 when a path is not there', async () => {
    const guest = new Guest();
    await expect(openGuest(portOf(guest), scsiTopology.parse({ paths: ['a', 'x'] }))).rejects.toMatchObject({
      code: 'LMP-261',
    });
  });

  it('say LMP-261 where hosts look for devices by themselves', async () => {
    const opened = openGuest(portOf(new Guest('async')), scsiTopology.parse({ paths: ['a', 'b'] }));
    await expect(opened).rejects.toMatchObject({ code: 'LMP-261', where: '/sys/module/scsi_mod/parameters/scan' });
  });

  it('scan and delete by address, and see what is attached', async () => {
    const { guest, world } = await open();
    await steps.attach.guest(world, { paths: ['a', 'b'] });
    expect(guest.writes.slice(-2)).toEqual([
      '/sys/class/scsi_host/host0/scan 0 0 0',
      '/sys/class/scsi_host/host1/scan 0 0 0',
    ]);
    expect(await observations.groups.guest(world, noArgs)).toEqual([['a', 'b']]);
    expect(await observations.members.guest(world, noArgs)).toEqual([['a'], ['b']]);
    expect(await observations.head.guest(world, noArgs)).toEqual({ present: false });
    expect(await observations.paths.guest(world, noArgs)).toEqual({
      a: { name: 'sd<X>', hidden: false, sizeMiB: 32 },
      b: { name: 'sd<X>', hidden: false, sizeMiB: 32 },
    });
    await steps.detach.guest(world, { paths: ['a'] });
    expect(await observations.wwids.guest(world, noArgs)).toEqual({ b: 'naa.5000000000000001' });
  });

  it('set a state, keep a refusal, and read the disk of a path', async () => {
    const { world } = await open();
    const read = { cpu: 0, count: 1, through: undefined, blocks: 1 };
    await steps.attach.guest(world, { paths: ['a'] });
    await steps.read.guest(world, { ...read, as: 'r1', on: 'a' });
    await steps['set-state'].guest(world, { path: 'a', state: 'offline' });
    await steps.read.guest(world, { ...read, as: 'r2', on: 'a' });
    await steps['set-state'].guest(world, { path: 'a', state: 'blocked', as: 'odd' });
    const results = ['r1', 'r2', 'odd'].map((label) => observations['result-of'].guest(world, label));
    expect(await Promise.all(results)).toEqual(['ok', 'ENXIO', 'EINVAL']);
    await expect(steps['set-state'].guest(world, { path: 'a', state: 'blocked' })).rejects.toMatchObject({
      code: 'LMP-263',
    });
    expect(await observations.states.guest(world, noArgs)).toEqual({ a: 'offline' });
    const attribute = { of: 'a', name: 'state' };
    expect(await observations.attribute.guest(world, attribute)).toBe('offline');
    expect(await observations.attribute.guest(world, { of: 'a', name: 'vendor' })).toBe('EINVAL');
    expect(await observations.attribute.guest(world, { of: 'head', name: 'iopolicy' })).toBeNull();
  });

  it('pull a disk out of the machine, put it in again with the next attach, and with the next scenario', async () => {
    const { guest, world } = await open();
    await steps.attach.guest(world, { paths: ['a', 'b'] });
    await steps.unplug.guest(world, { path: 'a' });
    expect(await observations.members.guest(world, noArgs)).toEqual([['b']]);
    await steps.attach.guest(world, { paths: ['a'] });
    await steps.unplug.guest(world, { path: 'b' });
    await resetGuest(world);
    expect(guest.moved).toEqual(['out path-a', 'in path-a', 'out path-b', 'in path-b']);
  });

  it('pull nothing out where there is no machine, nor a disk that is none of the machine', async () => {
    const guest = new Guest();
    guest.machine = undefined;
    const { world } = await open(guest);
    await expect(steps.unplug.guest(world, { path: 'a' })).rejects.toMatchObject({ code: 'LMP-261' });
    const lio: ScsiGuestWorld = { ...world, topology: { ...world.topology, array: 'lio' } };
    await expect(steps.unplug.guest(lio, { path: 'a' })).rejects.toMatchObject({ code: 'LMP-260' });
  });

  it('unload sd and load it again, or keep why not; the next scenario has it in any case', async () => {
    const { guest, world } = await open();
    await steps.attach.guest(world, { paths: ['a'] });
    guest.sd = 'busy';
    await steps['unload-sd'].guest(world, { as: 'held' });
    guest.sd = 'idle';
    await steps['unload-sd'].guest(world, { as: 'free' });
    await steps['load-sd'].guest(world, noArgs);
    const results = ['held', 'free'].map((label) => observations['result-of'].guest(world, label));
    expect(await Promise.all(results)).toEqual(['EAGAIN', 'ok']);
    guest.sd = 'built in';
    await expect(steps['unload-sd'].guest(world, { as: 'never' })).rejects.toMatchObject({ code: 'LMP-260' });
    guest.sd = 'gone';
    await resetGuest(world);
    expect(guest.moved).toEqual(['insmod /lib/modules/sd_mod.ko', 'insmod /lib/modules/sd_mod.ko']);
  });

  it('say LMP-260 where no released kernel has what they need', async () => {
    const { world } = await open();
    const read = { as: 'r', cpu: 0, count: 1, through: undefined, on: undefined, blocks: 1 };
    await expect(steps.read.guest(world, read)).rejects.toMatchObject({ code: 'LMP-260' });
    await expect(steps['set-iopolicy'].guest(world, { policy: 'numa' })).rejects.toMatchObject({ code: 'LMP-260' });
    await expect(steps['suspend-head'].guest(world, noArgs)).rejects.toMatchObject({ code: 'LMP-260' });
    await expect(steps.hold.guest(world, { as: 'h' })).rejects.toMatchObject({ code: 'LMP-260' });
    const load = { as: 'w', depth: 1, blocks: 1, cpu: 0 };
    await expect(steps.load.guest(world, load)).rejects.toMatchObject({ code: 'LMP-260' });
  });
});
