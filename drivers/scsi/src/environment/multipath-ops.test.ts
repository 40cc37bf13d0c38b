// SPDX-License-Identifier: GPL-2.0-only
import { E, GENHD_FL_HIDDEN, settle, type Steps } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { environment_7_3 } from '../kernels.js';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { transferBlock } from '../testing/read-block.js';
import { scsiRun } from '../testing/scsi-run.js';
import { scsi_add_host, scsi_remove_host, scsi_scan_lun } from './add-host.js';
import { sdev_state_names } from './device-states.js';
import { no_multipath, type scsi_multipath } from './multipath-ops.js';
import { scsi_remove_device } from './remove-device.js';
import type { scsi_device } from './scsi-device.js';

/** Multipath that does nothing but note where it is called, with the device's state. */
const noting = (log: string[], over: Partial<scsi_multipath> = {}): scsi_multipath => {
  const note = (name: string, { sdev_state }: scsi_device): void => {
    log.push(`${name} ${sdev_state_names.get(sdev_state) ?? ''}`);
  };
  const call = (name: string) =>
    function* (sdev: scsi_device): Steps<void> {
      note(name, sdev);
    };
  const onDisk = (name: string) =>
    function* ({ device }: { readonly device: scsi_device }): Steps<void> {
      note(name, device);
    };
  return {
    ...no_multipath,
    *dev_alloc(sdev) {
      note('dev_alloc', sdev);
      return 0;
    },
    add_sysfs_link: call('add_sysfs_link'),
    remove_sysfs_link: call('remove_sysfs_link'),
    remove_device: call('remove_device'),
    dev_release: call('dev_release'),
    *sd_probe({ device }) {
      note('sd_probe', device);
      return 0;
    },
    sd_revalidate_head: onDisk('sd_revalidate_head'),
    sd_add_disk: onDisk('sd_add_disk'),
    sd_remove: onDisk('sd_remove'),
    ...over,
  };
};

const messages = (reports: readonly { readonly message: string }[]): string[] => reports.map(({ message }) => message);

it('calls who implements multipath where the patches do, on the way up and down', () => {
  const log: string[] = [];
  const { reports } = scsiRun(
    function* (core) {
      const { sdev } = yield* attach(core, qemuNexus(plainUnit()));
      yield* scsi_remove_device(sdev);
    },
    environment_7_3,
    noting(log),
  );
  expect(log).toEqual([
    'dev_alloc running',
    'sd_probe running',
    'sd_revalidate_head running',
    'sd_add_disk running',
    'add_sysfs_link running',
    'remove_sysfs_link cancel',
    'sd_remove cancel',
    'remove_device cancel',
    'dev_release deleted',
  ]);
  expect(messages(reports)).toEqual([]);
});

it('counts each command once where it starts and where it ends', () => {
  const log: string[] = [];
  const counted: Partial<scsi_multipath> = {
    *start_request() {
      log.push('start');
    },
    *end_request() {
      log.push('end');
    },
  };
  scsiRun(
    function* (core) {
      const { sdev } = yield* attach(core, qemuNexus(plainUnit()));
      log.length = 0;
      yield* transferBlock(sdev);
      yield* settle();
    },
    environment_7_3,
    noting([], counted),
  );
  expect(log).toEqual(['start', 'end']);
});

it('a device whose head cannot be made vanishes, and leaves nothing', () => {
  const { value, reports } = scsiRun(
    function* (core) {
      const shost = yield* scsi_add_host(core);
      const sdev = yield* scsi_scan_lun(shost, { channel: 0, id: 0, lun: 0, nexus: qemuNexus(plainUnit()) });
      const empty = shost.__devices.next === shost.__devices;
      yield* scsi_remove_host(shost);
      return { sdev, empty };
    },
    environment_7_3,
    noting([], {
      *dev_alloc() {
        return -E.EINVAL;
      },
    }),
  );
  expect(value).toEqual({ sdev: null, empty: true });
  expect(messages(reports)).toEqual([]);
});

it('a path below a head has a name of its own, no number of sd, and a hidden disk', () => {
  const { value, reports } = scsiRun(
    function* (core) {
      const { shost, sdev } = yield* attach(core, qemuNexus(plainUnit()));
      const { disk, index } = sdev.sdkp ?? {};
      const { result } = yield* transferBlock(sdev);
      const seen = { name: disk?.disk_name, index, hidden: (disk?.flags ?? 0) & GENHD_FL_HIDDEN, result };
      yield* scsi_remove_host(shost);
      return seen;
    },
    environment_7_3,
    noting([], {
      *sd_probe({ disk }) {
        disk.disk_name = 'sda:0';
        disk.flags |= GENHD_FL_HIDDEN;
        return 1;
      },
    }),
  );
  expect(value).toEqual({ name: 'sda:0', index: -1, hidden: GENHD_FL_HIDDEN, result: 'ok' });
  expect(messages(reports)).toEqual([]);
});
