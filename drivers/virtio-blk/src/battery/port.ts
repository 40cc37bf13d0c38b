// SPDX-License-Identifier: GPL-2.0-only
import {
  delete_module,
  libFixed,
  libV3,
  makeStep,
  READ_ONCE,
  type BatteryPort,
  type BatteryTopology,
  type Steps,
} from '@libmultipath/driver-kit';
import { device_attach, device_release_driver } from '../environment/bus.js';
import { change_capacity } from '../environment/config-change.js';
import { blockBio, dataOf, SECTORS_PER_MIB } from '../environment/media.js';
import { VIRTIO_BLK_S_IOERR, VIRTIO_BLK_S_UNSUPP } from '../environment/status.js';
import type { virtio_device } from '../environment/virtio-device.js';
import { deviceOf, type VirtioModelWorld } from '../model/world.js';
import { libraryModel } from '../template/model.js';
import type { VirtioTopology } from '../topology.js';
import { headsOf, isUsable, remainsOf } from './heads.js';

const labelOf = (path: number): string => `p${String(path)}`;

const topologyOf = ({ paths, nodes, pathNodes, sectors }: BatteryTopology): VirtioTopology => {
  const disks = Array.from({ length: paths }, (_, index) => labelOf(index));
  const diskNode: Record<string, number> = {};
  for (const [index, label] of disks.entries()) {
    const node = pathNodes[index];
    if (node !== undefined && node !== null) diskNode[label] = node;
  }
  return { disks, serial: 'battery', sizeMiB: sectors / SECTORS_PER_MIB, badBlock: {}, nodes, diskNode };
};

/** Only `remove_head` and `drv_module` can be left out: the rest is not there, or nothing works without it. */
const careless: readonly string[] = ['remove_head', 'drv_module'];

function* answerNext(vdev: virtio_device, status: number): Steps<void> {
  yield makeStep('next_status', vdev, 'vq', 'update', { ordering: 'full' });
  vdev.nextStatus.push(status);
}

/** The standard battery on the models that have the library. */
export const virtioBattery: BatteryPort<VirtioTopology, VirtioModelWorld> = {
  topology: topologyOf,
  variant: ({ name }, without) => {
    const lib = [libV3, libFixed].find(({ revision }) => revision === name);
    if (lib === undefined || !without.every((member) => careless.includes(member))) return undefined;
    return libraryModel(lib, new Set(without));
  },
  unsupported: ({ kind }, { shared, allocationsFail }) => {
    if (kind !== 'library') return 'dm-multipath is not the library';
    if (!shared) return 'every virtio disk has a head';
    return allocationsFail ? 'the environment of virtio-blk has no allocation that fails' : undefined;
  },
  *addPath(world, path) {
    yield* device_attach(world.core, deviceOf(world, labelOf(path)));
  },
  removePath: (world, path) => device_release_driver(world.core, deviceOf(world, labelOf(path))),
  *setUsable(world, path, usable) {
    const vblk = yield* READ_ONCE(deviceOf(world, labelOf(path)), 'priv');
    if (vblk !== null) yield* world.core.mpath.set_usable(vblk, usable);
  },
  failNext: (world, path, error) =>
    answerNext(deviceOf(world, labelOf(path)), error === 'path-error' ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_UNSUPP),
  setPolicy: ({ core }, policy) => core.mpath.set_iopolicy(policy),
  setDelayedRemoval: ({ core }, seconds) => core.mpath.set_delayed_removal(seconds),
  *setCapacity({ core, devices }, sectors) {
    for (const vdev of devices.values()) yield* change_capacity(core, vdev, sectors);
  },
  unloadModule: ({ core, devices }) =>
    delete_module(core.this_module, function* () {
      for (const vdev of devices.values()) yield* device_release_driver(core, vdev);
    }),
  newBio: blockBio,
  dataOf,
  heads: headsOf,
  isUsable: (_world, dev) => isUsable(dev),
  remains: remainsOf,
};
