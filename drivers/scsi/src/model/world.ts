// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, KObject, mutex, register_trace_block_bio_remap, type gendisk } from '@libmultipath/driver-kit';
import type { DmDaemon } from '../dm-oracle/daemon.js';
import { loadAlua } from '../environment/alua/handler.js';
import { scsiDebugAdapter, tcmLoopAdapter, virtioAdapter } from '../environment/hardware/adapter.js';
import { LogicalUnit } from '../environment/hardware/logical-unit.js';
import { LunNexus } from '../environment/hardware/lun-nexus.js';
import { TargetPortGroup } from '../environment/hardware/port-group-state.js';
import type { scsi_multipath } from '../environment/multipath-ops.js';
import type { ArrayParts, ScsiEnvironmentParts } from '../environment/parts.js';
import { scsi_core } from '../environment/scsi-core.js';
import type { scsi_device } from '../environment/scsi-device.js';
import type { Scsi_Host } from '../environment/scsi-host.js';
import { scsi_disk } from '../environment/sd/scsi-disk.js';
import { errors } from '../errors.js';
import { scsiDebugGroup } from '../fixtures/vpd-pages.js';
import type { ScsiHostTopology, ScsiPathTopology, ScsiTopology, ScsiUnitTopology } from '../topology.js';
import { accessStateNumber, tpgsKinds, unitTypeNumber } from '../vocabulary/names.js';
import { groupNumber, groupOfPath, identityOf } from './identity.js';
import { scsi_journal, traced_pages } from './journal.js';
import { model_session } from './session.js';
import type { MultipathSight } from './sight.js';

const SECTORS_PER_MIB = 2_048;

/** A host of the topology; it is added with its first path. */
export class model_host extends KObject {
  shost: Scsi_Host | null = null;
  readonly lock = new mutex(this);

  constructor(readonly given: ScsiHostTopology) {
    super();
  }
}

/** A path of the topology, attached or not. */
export class model_path extends KObject {
  sdev: scsi_device | null = null;
  /** Serialises who adds the path and who removes it, as a bus does. */
  readonly lock = new mutex(this);
  /** The disk of the path cannot be added: its probe fails. */
  refuses_disk = false;

  constructor(
    readonly given: ScsiPathTopology,
    readonly host: model_host,
    readonly nexus: LunNexus,
  ) {
    super();
  }

  get name(): string {
    return this.given.label;
  }
}

/**
 * The model as the words see it, whoever implements multipath on the environment: they act
 * through hosts, sysfs and the block layer, as a user, an administrator and a cable do.
 */
export interface ScsiModelWorld {
  readonly topology: ScsiTopology;
  readonly core: scsi_core;
  readonly sight: MultipathSight;
  readonly hosts: ReadonlyMap<string, model_host>;
  readonly paths: ReadonlyMap<string, model_path>;
  readonly units: ReadonlyMap<string, LogicalUnit>;
  readonly session: model_session;
  readonly journal: scsi_journal;
  /** User space that groups paths with dm-multipath; null: nobody does, or the kernel. */
  readonly daemon: DmDaemon | null;
}

/** Each host of scsi_debug has a group of its own, with a state that goes by its number, and one beside it without a unit. */
const scsiDebugUnitOf = ({ hosts }: ScsiTopology, { sizeMiB }: ScsiUnitTopology): LogicalUnit => {
  const groups = hosts.flatMap((_, hostNo) => [
    new TargetPortGroup(scsiDebugGroup(hostNo), { state: hostNo % 3, supported: 0x0f, ports: [1] }),
    new TargetPortGroup(scsiDebugGroup(hostNo) + 0x80, { state: 3, supported: 0x08, ports: [2] }),
  ]);
  return new LogicalUnit(groups, { capacitySectors: sizeMiB * SECTORS_PER_MIB, tpgs: 1 });
};

const makeUnits = (topology: ScsiTopology): ReadonlyMap<string, LogicalUnit> => {
  const units = new Map<string, LogicalUnit>();
  for (const unit of topology.units) {
    if (topology.array === 'scsi_debug') {
      units.set(unit.label, scsiDebugUnitOf(topology, unit));
      continue;
    }
    const own = topology.groups.filter((group) =>
      topology.paths.some((path) => path.unit === unit.label && path.group === group.label),
    );
    const groups = own.map(
      ({ label, state, preferred }) =>
        new TargetPortGroup(groupNumber(topology, label), { state: accessStateNumber(state), preferred }),
    );
    const made = new LogicalUnit(groups, {
      capacitySectors: unit.sizeMiB * SECTORS_PER_MIB,
      tpgs: tpgsKinds.indexOf(unit.tpgs),
      enforces: true,
      extendedHeader: true,
      transitionSeconds: unit.transitionSeconds,
      type: unitTypeNumber[unit.type],
    });
    units.set(unit.label, made);
  }
  return units;
};

const lost = (what: string): Error =>
  errors.fail('LMP-250', { message: `${what}: the scenario reader should have refused it`, todo: 'report this' });

const unitOf = (units: ReadonlyMap<string, LogicalUnit>, name: string): LogicalUnit => {
  const unit = units.get(name);
  if (unit === undefined) throw lost(`no unit is called ${name}`);
  return unit;
};

const adapterOf = { qemu: virtioAdapter, scsi_debug: scsiDebugAdapter, lio: tcmLoopAdapter } as const;

const makePath = (
  topology: ScsiTopology,
  units: ReadonlyMap<string, LogicalUnit>,
  hosts: ReadonlyMap<string, model_host>,
  given: ScsiPathTopology,
  parts: ArrayParts,
): model_path => {
  const host = hosts.get(given.host);
  const described = topology.units.find(({ label }) => label === given.unit);
  if (host === undefined || described === undefined) throw lost(`path ${given.label}`);
  const identity = identityOf(topology, described, given, parts);
  const nexus = new LunNexus(
    unitOf(units, given.unit),
    groupOfPath(topology, given),
    identity,
    adapterOf[topology.array],
  );
  return new model_path(given, host, nexus);
};

/** Which path a bio was sent to, into the memory that it and its clones share. */
const traceRemaps = (paths: ReadonlyMap<string, model_path>): void => {
  const nameOf = ({ private_data }: gendisk): string | undefined => {
    if (!(private_data instanceof scsi_disk)) return undefined;
    const { nexus } = private_data.device;
    return [...paths.values()].find((path) => path.nexus === nexus)?.name;
  };
  // v3 records the path as both devices, v1 and v2 as the old one.
  register_trace_block_bio_remap(({ bi_io_vec }, to, from) => {
    const name = nameOf(to) ?? nameOf(from);
    if (name !== undefined && bi_io_vec instanceof traced_pages) bi_io_vec.paths.push(name);
  });
};

/** Which path a bio became a request of: dm passes bios on without a remap when they have waited. */
const traceRequests = (core: scsi_core, paths: ReadonlyMap<string, model_path>): void => {
  core.trace_block_getrq = ({ nexus }, { bi_io_vec }) => {
    const name = [...paths.values()].find((path) => path.nexus === nexus)?.name;
    if (name !== undefined && bi_io_vec instanceof traced_pages) bi_io_vec.paths.push(name);
  };
};

/** Builds the initial state on the current machine: every host and unit in its place, none attached. */
export const makeScsiWorld = (
  topology: ScsiTopology,
  parts: ScsiEnvironmentParts,
  mpath: scsi_multipath,
  sight: MultipathSight,
  journal: scsi_journal = new scsi_journal(),
  daemon: DmDaemon | null = null,
): ScsiModelWorld => {
  const core = new scsi_core(parts, mpath);
  if (topology.alua) loadAlua(core);
  const units = makeUnits(topology);
  const hosts = new Map(topology.hosts.map((host) => [host.label, new model_host(host)]));
  const paths = new Map(
    topology.paths.map((path) => [path.label, makePath(topology, units, hosts, path, parts.arrays)]),
  );
  const session = new model_session();
  const { globals } = currentMachine();
  globals.set('scsi_core', core);
  globals.set('scsi_hosts', [...hosts.values()]);
  globals.set('scsi_paths', [...paths.values()]);
  globals.set('scsi_units', [...units.values()]);
  globals.set('session', session);
  globals.set('journal', journal);
  globals.set('daemon', daemon);
  if (daemon === null) traceRemaps(paths);
  else traceRequests(core, paths);
  core.refuses_disk = ({ nexus }) => [...paths.values()].some((path) => path.nexus === nexus && path.refuses_disk);
  return { topology, core, sight, hosts, paths, units, session, journal, daemon };
};

/** The path with this label. The scenario reader has checked it. */
export const pathOf = (world: ScsiModelWorld, label: string): model_path => {
  const path = world.paths.get(label);
  if (path === undefined) throw lost(`no path is called ${label}`);
  return path;
};

/** The unit with this label. */
export const unitCalled = (world: ScsiModelWorld, label: string): LogicalUnit => unitOf(world.units, label);

/**
 * The device of a path that is attached.
 * @throws LMP-252 it is not
 */
export const deviceOf = (world: ScsiModelWorld, label: string, word: string): scsi_device => {
  const { sdev } = pathOf(world, label);
  if (sdev !== null) return sdev;
  throw errors.fail('LMP-252', { message: `${word}: ${label} is not attached`, todo: 'attach it before' });
};
