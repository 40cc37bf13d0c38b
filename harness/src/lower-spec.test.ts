// SPDX-License-Identifier: GPL-2.0-only
import type { VmSpec } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerSpec, type RunPaths } from './lower-spec.js';

const paths: RunPaths = {
  kernelPath: '/k/vmlinuz',
  imagePath: '/i/init.cpio',
  qmpSocket: '/r/qmp.sock',
  agentSocket: '/r/agent.sock',
  consoleSocket: '/r/console.sock',
  blockFiles: new Map([['d0', '/r,x/d0.img']]),
};

const plain: VmSpec = {
  nodes: [{ cpus: 2, memoryMiB: 512 }],
  ports: [],
  blocks: [],
  devices: [],
  modules: [],
  kernelArgs: [],
};

/** The values of one option, in order. */
const valuesOf = (args: readonly string[], name: string): string[] =>
  args.flatMap((arg, index) => (args[index - 1] === name ? [arg] : []));

const lower = (spec: Partial<VmSpec>): string[] => lowerSpec({ ...plain, ...spec }, 'tcg', paths);

it('boots a kernel straight, with nothing but what is asked for', () => {
  const args = lower({ kernelArgs: ['toy.option=1'] });
  for (const flag of ['-nodefaults', '-no-reboot', '-no-user-config']) expect(args).toContain(flag);
  expect(valuesOf(args, '-display')).toEqual(['none']);
  expect(valuesOf(args, '-kernel')).toEqual(['/k/vmlinuz']);
  expect(valuesOf(args, '-append')).toEqual(['console=ttyS0 loglevel=5 panic=-1 cryptomgr.notests toy.option=1']);
  expect(valuesOf(args, '-smp')).toEqual(['2']);
  expect(valuesOf(args, '-m')).toEqual(['512M']);
  expect(valuesOf(args, '-numa')).toEqual([]);
  expect(valuesOf(args, '-device')).toEqual([
    'virtio-serial-pci,id=lmp.serial,bus=pcie.0,max_ports=2',
    'virtserialport,id=lmp.port,bus=lmp.serial.0,chardev=lmp.agent,name=org.libmultipath.agent',
  ]);
});

it('names the accelerator with the processor that works under it', () => {
  expect(lower({})).toEqual(expect.arrayContaining(['-accel', 'tcg,thread=single', '-cpu', 'max,la57=off,cx16=off']));
  expect(lowerSpec(plain, 'kvm', paths)).toEqual(expect.arrayContaining(['-accel', 'kvm', '-cpu', 'host']));
});

it('gives each node its processors, memory, distances, and one expander for its ports', () => {
  const args = lower({
    nodes: [
      { cpus: 1, memoryMiB: 256 },
      { cpus: 3, memoryMiB: 128 },
    ],
    distances: [{ from: 0, to: 1, distance: 33 }],
    ports: [{ id: 'rp0', node: 0 }, { id: 'rp1', node: 1 }, { id: 'rp2', node: 1 }, { id: 'rp3' }],
  });
  expect(valuesOf(args, '-smp')).toEqual(['4,sockets=4,cores=1,threads=1']);
  expect(valuesOf(args, '-m')).toEqual(['384M']);
  expect(valuesOf(args, '-object')).toEqual([
    'memory-backend-ram,id=lmp.mem0,size=256M',
    'memory-backend-ram,id=lmp.mem1,size=128M',
  ]);
  expect(valuesOf(args, '-numa')).toEqual([
    'node,nodeid=0,cpus=0,memdev=lmp.mem0',
    'node,nodeid=1,cpus=1-3,memdev=lmp.mem1',
    'dist,src=0,dst=1,val=33',
    'dist,src=1,dst=0,val=33',
  ]);
  expect(valuesOf(args, '-device').slice(0, 6)).toEqual([
    'pxb-pcie,id=lmp.pxb0,bus_nr=32,bus=pcie.0,numa_node=0',
    'pcie-root-port,id=rp0,bus=lmp.pxb0,chassis=1,slot=1',
    'pxb-pcie,id=lmp.pxb1,bus_nr=64,bus=pcie.0,numa_node=1',
    'pcie-root-port,id=rp1,bus=lmp.pxb1,chassis=2,slot=2',
    'pcie-root-port,id=rp2,bus=lmp.pxb1,chassis=3,slot=3',
    'pcie-root-port,id=rp3,bus=pcie.0,chassis=4,slot=4',
  ]);
});

it('passes devices on as they are, in order, with values quoted', () => {
  const args = lower({
    ports: [{ id: 'rp0', node: 0 }],
    blocks: [{ id: 'd0', sizeBytes: 1 << 20 }],
    devices: [
      { driver: 'toy-ctrl', props: { id: 'c0', bus: 'rp0', serial: 'a,b', shared: true, quiet: false, depth: 4 } },
      { driver: 'toy-disk', props: { bus: 'c0', drive: 'd0' } },
      { driver: 'toy-disk', props: { bus: 'c0.0' } },
    ],
  });
  expect(valuesOf(args, '-blockdev')).toEqual([
    'driver=raw,node-name=d0,file.driver=file,file.filename=/r,,x/d0.img,cache.no-flush=on,discard=unmap',
  ]);
  expect(valuesOf(args, '-device').slice(-3)).toEqual([
    'toy-ctrl,id=c0,bus=rp0,serial=a,,b,shared=on,quiet=off,depth=4',
    'toy-disk,bus=c0,drive=d0',
    'toy-disk,bus=c0.0',
  ]);
  // One node has no tables, so its ports need no expander.
  expect(valuesOf(args, '-device')[0]).toBe('pcie-root-port,id=rp0,bus=pcie.0,chassis=1,slot=1');
});

it('gives a file to several blocks, one of them with a sector that fails, another slow', () => {
  const args = lower({
    blocks: [
      { id: 'd0', sizeBytes: 1 << 20 },
      { id: 'd1', sizeBytes: 1 << 20, of: 'd0', failingSector: 24 },
      { id: 'd2', sizeBytes: 1 << 20, of: 'd0', requestsPerSecond: 40 },
    ],
  });
  const file = 'driver=file,file.filename=/r,,x/d0.img,file.locking=off';
  const backend = 'cache.no-flush=on,discard=unmap';
  expect(valuesOf(args, '-blockdev')).toEqual([
    `driver=raw,node-name=d0,file.${file},${backend}`,
    `driver=blkdebug,node-name=d1,image.driver=file,image.filename=/r,,x/d0.img,image.locking=off,` +
      `inject-error.0.event=none,inject-error.0.sector=24,${backend}`,
    'driver=throttle,node-name=d2,throttle-group=lmp.slow.d2,file.driver=raw,file.file.driver=file,' +
      `file.file.filename=/r,,x/d0.img,file.file.locking=off,${backend}`,
  ]);
  expect(valuesOf(args, '-object')).toEqual(['throttle-group,id=lmp.slow.d2,x-iops-total=40']);
});

describe('a spec that cannot be built says where', () => {
  const two = [
    { cpus: 1, memoryMiB: 128 },
    { cpus: 1, memoryMiB: 128 },
  ];
  const cases: [where: string, says: RegExp, spec: Partial<VmSpec>][] = [
    ['nodes', /0 nodes/, { nodes: [] }],
    ['nodes[0]', /cpus is 0/, { nodes: [{ cpus: 0, memoryMiB: 128 }] }],
    ['nodes[0]', /memoryMiB is 1.5/, { nodes: [{ cpus: 1, memoryMiB: 1.5 }] }],
    ['distances[0]', /two different nodes/, { nodes: two, distances: [{ from: 0, to: 2, distance: 20 }] }],
    ['distances[0]', /11 to 254/, { nodes: two, distances: [{ from: 0, to: 1, distance: 10 }] }],
    ['ports[0]', /node is 3/, { ports: [{ id: 'rp0', node: 3 }] }],
    ['ports[1]', /used twice/, { ports: [{ id: 'rp0' }, { id: 'rp0' }] }],
    ['ports[0]', /no id/, { ports: [{ id: '0 rp' }] }],
    ['blocks[0]', /of=d1 names no earlier block/, { blocks: [{ id: 'd0', sizeBytes: 512, of: 'd1' }] }],
    ['ports[24]', /more than 24/, { ports: Array.from({ length: 25 }, (_, n) => ({ id: `rp${n}` })) }],
    ['blocks[0]', /more than 31 characters/, { blocks: [{ id: 'd'.repeat(32), sizeBytes: 512 }] }],
    ['blocks[0]', /requestsPerSecond is 0/, { blocks: [{ id: 'd0', sizeBytes: 512, requestsPerSecond: 0 }] }],
    ['blocks[0]', /multiple of 512/, { blocks: [{ id: 'd0', sizeBytes: 100 }] }],
    ['devices[0]', /drive=d9 of toy names no block/, { devices: [{ driver: 'toy', props: { drive: 'd9' } }] }],
    ['devices[0]', /bus=rp9 of toy names neither/, { devices: [{ driver: 'toy', props: { bus: 'rp9' } }] }],
    ['devices[0]', /used twice/, { ports: [{ id: 'x' }], devices: [{ driver: 'toy', props: { id: 'x' } }] }],
  ];
  it.each(cases)('%s: %s', (where, says, spec) => {
    const lowering = (): string[] => lower(spec);
    expect(lowering).toThrow(says);
    expect(lowering).toThrow(expect.objectContaining({ code: 'LMP-730', where: `VmSpec ${where}` }));
  });
});

it('never gives two ports one chassis and slot, nor two expanders one bus number', () => {
  const nodes = fc.array(fc.record({ cpus: fc.integer({ min: 1, max: 4 }), memoryMiB: fc.constant(64) }), {
    minLength: 1,
    maxLength: 7,
  });
  fc.assert(
    fc.property(nodes, fc.array(fc.option(fc.nat(6), { nil: undefined }), { maxLength: 20 }), (given, wanted) => {
      const ports = wanted.map((node, index) => ({
        id: `rp${index}`,
        ...(node === undefined ? {} : { node: node % given.length }),
      }));
      const args = lower({ nodes: given, ports });
      const devices = valuesOf(args, '-device');
      const slots = devices.flatMap((device) => /chassis=\d+,slot=\d+/.exec(device) ?? []);
      const buses = devices.flatMap((device) => /bus_nr=(\d+)/.exec(device)?.[1] ?? []);
      expect(new Set(slots).size).toBe(ports.length);
      expect(new Set(buses).size).toBe(buses.length);
      const cpus = given.reduce((sum, node) => sum + node.cpus, 0);
      expect(valuesOf(args, '-smp')[0]).toMatch(new RegExp(`^${cpus}(,|$)`));
      // A table entry for each node, and one for each ordered pair.
      expect(valuesOf(args, '-numa')).toHaveLength(given.length > 1 ? given.length ** 2 : 0);
    }),
  );
});
