// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import { label, type NumaTopology, type Reference } from '@libmultipath/driver-kit';
import { accessStates, arrays, tpgsKinds, unitTypes } from './vocabulary/names.js';

const node = z.int().min(0).max(7);

/** What page 0x83 says of the logical unit: one designator. */
const designator = z.union([
  z.strictObject({ naa: z.string().regex(/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/, 'expected 16 or 32 hexadecimal digits') }),
  z.strictObject({
    eui: z.string().regex(/^(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32})$/, 'expected 16, 24 or 32 hexadecimal digits'),
  }),
  z.strictObject({ t10: z.string().min(1).max(200) }),
  z.strictObject({ 'name-string': z.string().min(1).max(200) }),
  z.strictObject({ vendor: z.string().max(200) }),
]);
export type DesignatorTopology = Readonly<Record<string, string>>;

const designators = z.array(designator).max(8);

const unitSchema = z.strictObject({
  sizeMiB: z.int().min(1).max(4_096).optional().describe('32 unless given; 8 with `array: scsi_debug`.'),
  ids: designators.optional().describe('Designators of page 0x83, in its order.'),
  tpgs: z.enum(tpgsKinds).optional().describe('Which access states it says that it has.'),
  type: z.enum(unitTypes).optional().describe('Kind of device.'),
  transitionSeconds: z.int().min(0).max(255).optional().describe('Longest transition, as it announces it.'),
});

const groupSchema = z.strictObject({
  state: z.enum(accessStates).optional().describe('Access state at the start.'),
  preferred: z.boolean().optional().describe('The array prefers it.'),
});

const pathSchema = z.strictObject({
  unit: label.optional().describe('The unit that it leads to; the only one unless given.'),
  host: label.optional().describe('The host adapter that it begins at.'),
  node: node.optional().describe('NUMA node of that adapter.'),
  id: z.int().min(0).max(15).optional().describe('Target id.'),
  lun: z.int().min(0).max(255).optional().describe('Logical unit number.'),
  group: label.optional().describe('Its target port group.'),
  ids: designators.optional().describe('In the place of those of the unit.'),
  requestsPerSecond: z.int().min(1).max(10_000).optional().describe('A slow one: so many at most (disks of QEMU).'),
});

export interface ScsiUnitTopology {
  readonly label: string;
  readonly sizeMiB: number;
  /** Designators of page 0x83 that speak of the unit, in the order of the page. */
  readonly ids: readonly DesignatorTopology[];
  readonly tpgs: (typeof tpgsKinds)[number];
  readonly type: (typeof unitTypes)[number];
  readonly transitionSeconds: number;
}

export interface ScsiGroupTopology {
  readonly label: string;
  readonly state: (typeof accessStates)[number];
  readonly preferred: boolean;
}

/** A logical unit as one host reaches it. */
export interface ScsiPathTopology {
  readonly label: string;
  readonly unit: string;
  readonly host: string;
  readonly id: number;
  readonly lun: number;
  /** Target port group; absent: page 0x83 names none. */
  readonly group?: string;
  /** In the place of those of the unit: a device that says something else of itself here. */
  readonly ids?: readonly DesignatorTopology[];
  /** Requests that it carries out in a second, in a guest; the model’s disks take what time they like. */
  readonly requestsPerSecond?: number;
}

export interface ScsiHostTopology {
  readonly label: string;
  /** NUMA node of the adapter; absent: none. */
  readonly node?: number;
}

/** What a scenario's `topology` says, with every default filled in. */
export interface ScsiTopology {
  /** What the units are in: QEMU's disks on virtio-scsi, scsi_debug, or LIO behind tcm_loop. */
  readonly array: (typeof arrays)[number];
  /** `dm`: a kernel without multipath of its own has dm-multipath over the paths, and that is the head. */
  readonly over: 'nothing' | 'dm';
  /** NUMA nodes. More than one: one CPU each, CPU i on node i. One: two CPUs. */
  readonly nodes: number;
  /** Parameter `multipath` of scsi_mod. */
  readonly multipath: 'off' | 'on' | 'always';
  /** scsi_dh_alua is loaded before the first device comes. */
  readonly alua: boolean;
  readonly units: readonly ScsiUnitTopology[];
  readonly groups: readonly ScsiGroupTopology[];
  readonly hosts: readonly ScsiHostTopology[];
  readonly paths: readonly ScsiPathTopology[];
}

const topologySchema = z.strictObject({
  array: z.enum(arrays).optional().describe('What the units are in.'),
  over: z
    .enum(['nothing', 'dm'])
    .optional()
    .describe('`dm`: dm-multipath stands over the paths where the kernel has no multipath of its own.'),
  nodes: z.int().min(1).max(8).optional().describe('NUMA nodes, CPU i on node i; unless given one node with two CPUs.'),
  multipath: z.enum(['off', 'on', 'always']).optional().describe('Parameter of scsi_mod.'),
  alua: z.boolean().optional().describe('The device handler is loaded.'),
  units: z.record(label, unitSchema.nullable()).optional().describe('Logical units; one, unless given.'),
  groups: z.record(label, groupSchema.nullable()).optional().describe('Target port groups.'),
  paths: z
    .union([z.array(label).min(1).max(8), z.record(label, pathSchema.nullable())])
    .describe('Units as hosts reach them, by label.'),
});
type Given = z.infer<typeof topologySchema>;
type Complain = (path: (string | number)[], message: string) => void;

/** What a unit is called when the topology has only one and does not name it. */
export const ONLY_UNIT = 'u';

/** What scsi_debug has when nobody says otherwise, and what the others get. */
const sizeOf = (array: Given['array']): number => (array === 'scsi_debug' ? 8 : 32);

const unitsOf = ({ units, array }: Given): ScsiUnitTopology[] =>
  Object.entries(units ?? { [ONLY_UNIT]: null }).map(([name, given], index) => ({
    label: name,
    sizeMiB: given?.sizeMiB ?? sizeOf(array),
    ids: given?.ids ?? [{ naa: (0x5000_0000_0000_0001n + BigInt(index)).toString(16) }],
    tpgs: given?.tpgs ?? 'none',
    type: given?.type ?? 'disk',
    transitionSeconds: given?.transitionSeconds ?? 0,
  }));

const groupsOf = ({ groups }: Given): ScsiGroupTopology[] =>
  Object.entries(groups ?? {}).map(([name, given]) => ({
    label: name,
    state: given?.state ?? 'active/optimized',
    preferred: given?.preferred ?? false,
  }));

/** Paths on one host that name no `lun` get 0, 1, … in their order. */
const pathsOf = ({ paths }: Given, [first]: readonly ScsiUnitTopology[]): ScsiPathTopology[] => {
  const luns = new Map<string, number>();
  const entries = Array.isArray(paths) ? paths.map((name) => [name, null] as const) : Object.entries(paths);
  return entries.map(([name, given]) => {
    const host = given?.host ?? name;
    const lun = given?.lun ?? luns.get(host) ?? 0;
    luns.set(host, lun + 1);
    return {
      label: name,
      unit: given?.unit ?? first?.label ?? ONLY_UNIT,
      host,
      id: given?.id ?? 0,
      lun,
      ...(given?.group === undefined ? {} : { group: given.group }),
      ...(given?.ids === undefined ? {} : { ids: given.ids }),
      ...(given?.requestsPerSecond === undefined ? {} : { requestsPerSecond: given.requestsPerSecond }),
    };
  });
};

const hostsOf = ({ paths }: Given, all: readonly ScsiPathTopology[]): ScsiHostTopology[] => {
  const nodeOf = (name: string): number | undefined => (Array.isArray(paths) ? undefined : paths[name]?.node);
  return [...new Set(all.map(({ host }) => host))].map((host) => {
    const own = all.filter((path) => path.host === host).flatMap((path) => nodeOf(path.label) ?? [])[0];
    return own === undefined ? { label: host } : { label: host, node: own };
  });
};

const check = (value: ScsiTopology, complain: Complain): void => {
  const { units, groups, hosts, paths, nodes } = value;
  if (paths.length === 0 || paths.length > 8) complain(['paths'], 'expected 1 to 8 paths');
  for (const { label: name, node: own } of hosts) {
    if (own !== undefined && own >= nodes) complain(['paths'], `host ${name}: expected a node below ${String(nodes)}`);
  }
  const places = new Set<string>();
  for (const { label: name, unit, group, host, id, lun } of paths) {
    if (!units.some((one) => one.label === unit)) complain(['paths', name, 'unit'], `no unit is labelled ${unit}`);
    if (group !== undefined && !groups.some((one) => one.label === group))
      complain(['paths', name, 'group'], `no group is labelled ${group}`);
    const place = `${host} ${String(id)} ${String(lun)}`;
    if (places.has(place)) complain(['paths', name], 'another path has the same host, id and lun');
    places.add(place);
  }
};

/** Schema of `topology` in a scenario of this driver. */
export const scsiTopology = topologySchema.transform((given, context): ScsiTopology => {
  const units = unitsOf(given);
  const paths = pathsOf(given, units);
  const value: ScsiTopology = {
    array: given.array ?? 'qemu',
    over: given.over ?? 'nothing',
    nodes: given.nodes ?? 1,
    multipath: given.multipath ?? 'always',
    alua: given.alua ?? false,
    units,
    groups: groupsOf(given),
    hosts: hostsOf(given, paths),
    paths,
  };
  check(value, (path, message) => context.addIssue({ code: 'custom', path, message }));
  return value;
});

/** Names that scenario steps may use. */
export const declaredNames = (topology: ScsiTopology): readonly Reference[] => [
  ...topology.paths.map(({ label: name }) => ({ kind: 'path', name })),
  ...topology.hosts.map(({ label: name }) => ({ kind: 'host', name })),
  ...topology.units.map(({ label: name }) => ({ kind: 'unit', name })),
  ...topology.groups.map(({ label: name }) => ({ kind: 'group', name })),
];

/** CPUs and nodes of the simulated machine, as {@link ScsiTopology.nodes} says. */
export const numaOf = ({ nodes: count }: ScsiTopology): NumaTopology => {
  if (count === 1) return { cpuNodes: [0, 0], nodes: [0] };
  const nodes = Array.from({ length: count }, (_, index) => index);
  return { cpuNodes: nodes, nodes };
};
