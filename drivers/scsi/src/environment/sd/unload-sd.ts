// SPDX-License-Identifier: GPL-2.0-only
import {
  delete_module,
  kfn,
  load,
  module,
  mutex_lock,
  mutex_unlock,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_core } from '../scsi-core.js';
import type { scsi_device } from '../scsi-device.js';
import { sd_probe, sd_remove } from './sd-probe.js';

/** sd lets every device go, the youngest first. Kernel: exit_sd() with driver_detach(), all versions. Context: may sleep. */
const exit_sd = kfn('exit_sd', function* (devices: readonly scsi_device[]): Steps<void> {
  for (const sdev of devices.toReversed()) {
    yield* mutex_lock(sdev.device_mutex);
    yield* sd_remove(sdev);
    yield* store(sdev, 'sdkp', null);
    yield* mutex_unlock(sdev.device_mutex);
  }
});

/**
 * rmmod of sd_mod: the devices stay, without disks. Whoever has one of the disks open holds the module.
 * Kernel: delete_module(2) with O_NONBLOCK. @returns 0; -EWOULDBLOCK: a disk is open; -ENOENT: it is not loaded
 */
export const unload_sd = (core: scsi_core, devices: readonly scsi_device[]): Steps<number> =>
  delete_module(core.sd_mod, () => exit_sd(devices));

/** sd is there again and takes every disk that is there. Kernel: init_sd() with driver_attach(). Context: may sleep. */
export const init_sd = kfn('init_sd', function* (core: scsi_core, devices: readonly scsi_device[]): Steps<void> {
  yield* store(core, 'sd_mod', new module((yield* load(core, 'sd_mod')).name));
  for (const sdev of devices) {
    yield* mutex_lock(sdev.device_mutex);
    yield* sd_probe(sdev);
    yield* mutex_unlock(sdev.device_mutex);
  }
});
