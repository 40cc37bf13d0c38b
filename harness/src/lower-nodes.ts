// SPDX-License-Identifier: GPL-2.0-only
import type { VmSpec } from '@libmultipath/contract';
import { PORTS_PER_BUS_MAX, option, wrongSpec } from './lower-devices.js';

const DISTANCE_DEFAULT = 20;
const DISTANCE_SELF = 10;
/** Buses between two expanders: one for each port, and one for the expander. */
const BUS_STRIDE = 32;
const NODES_MAX = 7;

const checkNodes = (spec: VmSpec): void => {
  const count = spec.nodes.length;
  if (count < 1 || count > NODES_MAX) throw wrongSpec('nodes', `${count} nodes, expected 1 to ${NODES_MAX}`);
  for (const [index, { cpus, memoryMiB }] of spec.nodes.entries()) {
    if (!Number.isInteger(cpus) || cpus < 1) throw wrongSpec(`nodes[${index}]`, `cpus is ${cpus}, expected 1 or more`);
    if (!Number.isInteger(memoryMiB) || memoryMiB < 16) {
      throw wrongSpec(`nodes[${index}]`, `memoryMiB is ${memoryMiB}, expected 16 or more`);
    }
  }
  for (const [index, { from, to, distance }] of (spec.distances ?? []).entries()) {
    const where = `distances[${index}]`;
    if (spec.nodes[from] === undefined || spec.nodes[to] === undefined || from === to) {
      throw wrongSpec(where, `from ${from} to ${to}: expected two different nodes below ${count}`);
    }
    if (!Number.isInteger(distance) || distance <= DISTANCE_SELF || distance > 254) {
      throw wrongSpec(where, `distance is ${distance}, expected 11 to 254`);
    }
  }
};

const distanceOf = (spec: VmSpec, from: number, to: number): number => {
  const given = (a: number, b: number): number | undefined =>
    spec.distances?.find((entry) => entry.from === a && entry.to === b)?.distance;
  return given(from, to) ?? given(to, from) ?? DISTANCE_DEFAULT;
};

/** Processors, memory, and with two nodes or more the tables that tell them apart. */
export const lowerNodes = (spec: VmSpec): string[] => {
  checkNodes(spec);
  const cpus = spec.nodes.reduce((sum, node) => sum + node.cpus, 0);
  const memoryMiB = spec.nodes.reduce((sum, node) => sum + node.memoryMiB, 0);
  if (spec.nodes.length === 1) return ['-smp', `${cpus}`, '-m', `${memoryMiB}M`];
  // A socket for each processor, so that no socket spans two nodes.
  const args = ['-smp', `${cpus},sockets=${cpus},cores=1,threads=1`, '-m', `${memoryMiB}M`];
  let cpu = 0;
  for (const [node, { cpus: own, memoryMiB: size }] of spec.nodes.entries()) {
    args.push('-object', option('memory-backend-ram', { id: `lmp.mem${node}`, size: `${size}M` }));
    const range = own === 1 ? `${cpu}` : `${cpu}-${cpu + own - 1}`;
    args.push('-numa', option('node', { nodeid: node, cpus: range, memdev: `lmp.mem${node}` }));
    cpu += own;
  }
  for (const from of spec.nodes.keys()) {
    for (const to of spec.nodes.keys()) {
      if (from !== to) args.push('-numa', option('dist', { src: from, dst: to, val: distanceOf(spec, from, to) }));
    }
  }
  return args;
};

/** Root ports; those of a node sit behind one expander bridge of that node. */
export const lowerPorts = (spec: VmSpec): string[] => {
  const args: string[] = [];
  const portsOn = new Map<string, number>();
  for (const [index, port] of spec.ports.entries()) {
    const { node } = port;
    if (node !== undefined && spec.nodes[node] === undefined) {
      throw wrongSpec(`ports[${index}]`, `node is ${node}, expected one below ${spec.nodes.length}`);
    }
    // A single node has no tables an expander could refer to.
    const bus = node === undefined || spec.nodes.length === 1 ? 'pcie.0' : `lmp.pxb${node}`;
    if (bus !== 'pcie.0' && !portsOn.has(bus)) {
      const place = { id: bus, bus_nr: BUS_STRIDE * ((node ?? 0) + 1), bus: 'pcie.0', numa_node: node ?? 0 };
      args.push('-device', option('pxb-pcie', place));
    }
    const count = (portsOn.get(bus) ?? 0) + 1;
    if (count > PORTS_PER_BUS_MAX) {
      throw wrongSpec(`ports[${index}]`, `more than ${PORTS_PER_BUS_MAX} ports on one bus`);
    }
    portsOn.set(bus, count);
    args.push('-device', option('pcie-root-port', { id: port.id, bus, chassis: index + 1, slot: index + 1 }));
  }
  return args;
};
