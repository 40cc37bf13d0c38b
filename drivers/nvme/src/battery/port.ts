// SPDX-License-Identifier: GPL-2.0-only
import {
  delete_module,
  E,
  flush_work,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  store,
  sysfs_write,
  type BatteryPort,
  type BatteryTopology,
  type KObject,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_SC_HOST_PATH_ERROR, NVME_SC_WRITE_FAULT } from '../environment/constants.js';
import { emulatedIdentity } from '../environment/controller-identity.js';
import { data_bio } from '../environment/hardware.js';
import type { pci_slot } from '../environment/pci-slot.js';
import { attach_async, attach_at_once_6_2, nvme_remove } from '../environment/pci.js';
import { findSubsystem } from '../model/disks.js';
import { beginReset, changeNamespace, endReset, failNextCommand } from '../model/path-verbs.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { NVME_IOCTL_ID } from '../passthrough/numbers.js';
import { variantOf } from '../library-models.js';
import type { NvmeTopology } from '../topology.js';
import { headsOf, isUsable, remainsOf } from './heads.js';

const SECTORS_PER_MIB = 2_048;
const ONLY_NSID = 1;

const labelOf = (path: number): string => `c${String(path)}`;

/** One subsystem with a controller for each path, in slots of the battery's nodes. */
const topologyOf = ({ paths, nodes, pathNodes, sectors, shared }: BatteryTopology): NvmeTopology => {
  const labels = Array.from({ length: paths }, (_, index) => labelOf(index));
  return {
    transport: 'pci',
    nodes: nodes.length,
    controllers: labels.map((label, index) => {
      const node = pathNodes[index] ?? undefined;
      return node === undefined ? { label } : { label, node };
    }),
    namespaces: [{ nsid: ONLY_NSID, shared, sizeMiB: sectors / SECTORS_PER_MIB, on: labels, group: 1 }],
    // Functions as QEMU emulates them, whose namespace may change its size all the same.
    targets: { identity: emulatedIdentity },
  };
};

/** As the device lock of the function: who probes and who removes wait for each other. */
const locks = new WeakMap<KObject, mutex>();

const lockOf = (slot: pci_slot): mutex => {
  const lock = locks.get(slot) ?? new mutex(slot);
  locks.set(slot, lock);
  return lock;
};

function* locked(world: NvmeModelWorld, path: number, body: (slot: pci_slot) => Steps<void>): Steps<void> {
  const slot = slotOf(world, labelOf(path));
  const lock = lockOf(slot);
  yield* mutex_lock(lock);
  yield* body(slot);
  yield* mutex_unlock(lock);
}

/** Probe in the task itself, whoever does it in the kernel, and the scan that finds the namespace. */
function* probe(slot: pci_slot): Steps<void> {
  if ((yield* load(slot, 'drvdata')) !== null) return;
  const { device_attach } = slot.core.parts;
  yield* device_attach === attach_async ? attach_at_once_6_2(slot) : device_attach(slot);
  const ctrl = yield* load(slot, 'drvdata');
  if (ctrl === null) return;
  yield* flush_work(ctrl.reset_work);
  yield* flush_work(ctrl.scan_work);
}

/**
 * The path joins, and then no memory is left for its disk: the error path of nvme_alloc_ns(). What is left is a controller
 * without a path, which goes as well.
 */
const failProbe = (world: NvmeModelWorld, path: number): Steps<void> =>
  locked(world, path, function* (slot) {
    if ((yield* load(slot, 'drvdata')) !== null) return;
    yield* store(slot.hw, 'refuses_disk', true);
    yield* probe(slot);
    yield* store(slot.hw, 'refuses_disk', false);
    yield* nvme_remove(slot);
  });

/** Every controller that is there says in turn that its namespace changed. One that is being removed says nothing. */
function* setCapacity(world: NvmeModelWorld, capacitySectors: number): Steps<void> {
  for (let path = 0; path < world.slots.size; path++) {
    yield* locked(world, path, ({ slotLabel }) => changeNamespace(world, slotLabel, ONLY_NSID, { capacitySectors }));
  }
}

type Kobject = Parameters<typeof sysfs_write>[0];

/** Writes an attribute of something that is found under the lock of the subsystems' list. */
function* writeTo(world: NvmeModelWorld, find: () => Kobject | undefined, name: string, value: string): Steps<number> {
  const { nvme_subsystems_lock } = world.core;
  yield* mutex_lock(nvme_subsystems_lock);
  const kobj = find();
  yield* mutex_unlock(nvme_subsystems_lock);
  return kobj === undefined ? -E.ENOENT : Math.min(0, yield* sysfs_write(kobj, name, value));
}

/** NVMe in the standard battery: mainline's own multipath, and every conversion. */
export const nvmeBattery: BatteryPort<NvmeTopology, NvmeModelWorld> = {
  topology: topologyOf,
  addPath: (world, path) => locked(world, path, probe),
  removePath: (world, path) =>
    locked(world, path, function* (slot) {
      // Who removes waits for a reset to end.
      if (!slot.hw.ready) yield* endReset(world, labelOf(path));
      yield* nvme_remove(slot);
    }),
  failProbe,
  *setUsable(world, path, usable) {
    const label = labelOf(path);
    if (!usable) {
      yield* beginReset(world, label);
      return;
    }
    yield* endReset(world, label);
    const ctrl = yield* load(slotOf(world, label), 'drvdata');
    if (ctrl === null) return;
    yield* flush_work(ctrl.reset_work);
    yield* flush_work(ctrl.scan_work);
  },
  failNext: (world, path, error) =>
    failNextCommand(world, labelOf(path), error === 'path-error' ? NVME_SC_HOST_PATH_ERROR : NVME_SC_WRITE_FAULT),
  setPolicy: (world, policy) => writeTo(world, () => findSubsystem(world)?.dev.kobj, 'iopolicy', policy),
  setDelayedRemoval: (world, seconds) =>
    writeTo(
      world,
      () => headsOf(world).find(({ live }) => live)?.disk?.device.kobj,
      'delayed_removal_secs',
      String(seconds),
    ),
  setCapacity,
  unloadModule: (world) =>
    delete_module(world.core.this_module, function* () {
      for (let path = 0; path < world.slots.size; path++) yield* locked(world, path, nvme_remove);
    }),
  diskIoctl: { cmd: NVME_IOCTL_ID, arg: 0 },
  cdevIoctl: { cmd: NVME_IOCTL_ID, arg: 0 },
  newBio: (fields, data) => {
    const what = new data_bio(fields);
    what.data = data;
    return what;
  },
  dataOf: (what) => (what instanceof data_bio ? what.data : ''),
  variant: ({ name }, without) => variantOf(name, without),
  unsupported: ({ features, name }, { delayedRemovalSecs, policy, shared }) => {
    if (!shared) return 'an emulated subsystem has one kind of namespace';
    if (delayedRemovalSecs > 0 && !features.has('delayed-removal')) return `${name} has no delayed removal`;
    if (policy === 'queue-depth' && !features.has('queue-depth')) return `${name} has no queue-depth`;
    return undefined;
  },
  heads: headsOf,
  isUsable: (_world, dev) => isUsable(dev),
  remains: remainsOf,
};
