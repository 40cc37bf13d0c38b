// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_file_open_by_dev,
  bdev_fput,
  BLK_OPEN_READ,
  complete,
  completion,
  currentMachine,
  HZ,
  jiffies,
  libV3,
  module_refcount,
  settle,
  sysfs_write,
  wait_for_completion,
  type LibV3,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_host } from '../environment/add-host.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { attachTwo } from '../testing/mpath-paths.js';
import { headDisk, headsOf, messages, mpathRun, libraryHead } from '../testing/mpath-run.js';
import { transferDisk, type Ended } from '../testing/read-block.js';
import { fixedTemplateParts } from './remedies.js';
import { v3TemplateParts, type TemplateParts } from './parts.js';
import { scsi_mpath_dev_of } from './scsi-mpath-device.js';

/** The library, noting the calls of a removal as they begin. */
const noting = (calls: string[]): LibV3 => {
  const note =
    <A extends unknown[], R>(name: string, call: (...args: A) => Steps<R>) =>
    (...args: A): Steps<R> => {
      calls.push(name);
      return call(...args);
    };
  return {
    ...libV3,
    mpath_synchronize: note('sync', libV3.mpath_synchronize),
    mpath_clear_current_path: note('clear_current_path', libV3.mpath_clear_current_path),
    mpath_delete_device: note('delete_device', libV3.mpath_delete_device),
    mpath_can_remove_head: note('can_remove_head', libV3.mpath_can_remove_head),
    mpath_remove_sysfs_link: note('remove_sysfs_link', libV3.mpath_remove_sysfs_link),
    mpath_remove_disk: note('remove_disk', libV3.mpath_remove_disk),
    mpath_put_disk: note('put_disk', libV3.mpath_put_disk),
    mpath_head_uninit: note('head_uninit', libV3.mpath_head_uninit),
  };
};

/** Calls while the paths leave, one list each; and whether the path that left has a disk. */
const removals = (parts: TemplateParts, delaySecs = '0'): { calls: string[][]; disks: unknown[] } => {
  const calls: string[] = [];
  return mpathRun(
    function* (world) {
      const { first, second } = yield* attachTwo(world);
      yield* transferDisk(headDisk(world));
      yield* sysfs_write(headDisk(world).device.kobj, 'delayed_removal_secs', delaySecs);
      calls.length = 0;
      const seen: { calls: string[][]; disks: unknown[] } = { calls: [], disks: [] };
      for (const { sdev, shost } of [first, second]) {
        const path = scsi_mpath_dev_of(sdev);
        yield* scsi_remove_device(sdev);
        seen.calls.push(calls.splice(0));
        seen.disks.push(path?.mpath_device.disk);
        yield* scsi_remove_host(shost);
      }
      yield* settle();
      return seen;
    },
    { lib: noting(calls), parts },
  ).value;
};

describe('the order in which paths leave', () => {
  it('on v3: no grace period after the unlink; the disk, then the head, with the last path', () => {
    const { calls, disks } = removals(v3TemplateParts);
    const leave = ['sync', 'clear_current_path', 'sync', 'delete_device'];
    expect(calls).toEqual([
      [...leave, 'remove_sysfs_link'],
      [
        ...leave.filter((_call, i) => i !== 2),
        'can_remove_head',
        'remove_sysfs_link',
        'remove_disk',
        'put_disk',
        'head_uninit',
      ],
    ]);
    expect(disks).toEqual([null, null]);
  });

  it('with the remedy: a grace period after it', () => {
    expect(removals(fixedTemplateParts).calls[0]).toEqual([
      ...['sync', 'clear_current_path', 'sync', 'delete_device', 'sync', 'clear_current_path'],
      'remove_sysfs_link',
    ]);
  });

  it('with a delay: the disk stays, and the removal of the device does not wait', () => {
    expect(removals(v3TemplateParts, '5').calls[1]?.at(-1)).toBe('remove_sysfs_link');
  });
});

describe('a head that is open', () => {
  it('makes the removal of the last path wait for the close, with the lock of the scan held', () => {
    const { value, reports } = mpathRun(function* (world) {
      const { sdev, shost } = yield* attach(world.core, qemuNexus(plainUnit()));
      yield* settle();
      const file = yield* bdev_file_open_by_dev(headDisk(world), BLK_OPEN_READ, null, null);
      if (typeof file === 'number') throw new Error('not opened');
      const done = new completion();
      const seen = { gone: false };
      currentMachine().spawn('remover', function* () {
        yield* scsi_remove_device(sdev);
        seen.gone = true;
        yield* complete(done);
      });
      yield* settle();
      const waits = !seen.gone;
      yield* bdev_fput(file);
      yield* wait_for_completion(done);
      yield* scsi_remove_host(shost);
      return { waits, heads: headsOf(world).length };
    });
    expect(value).toEqual({ waits: true, heads: 0 });
    expect(messages(reports)).toEqual([]);
  });
});

describe('delayed removal', () => {
  interface Window {
    readonly references: readonly number[];
    readonly result: string;
    readonly seconds: number;
    readonly heads: number;
  }

  /** A write in the window; the path comes back after it, or not. */
  const windowOf = (comesBack: boolean, parts: TemplateParts): { value: Window; messages: string[] } => {
    const { value, reports } = mpathRun(
      function* (world): Steps<Window> {
        const { sd_mod } = world.core;
        const first = yield* attach(world.core, qemuNexus(plainUnit()));
        yield* settle();
        const disk = headDisk(world);
        yield* sysfs_write(disk.device.kobj, 'delayed_removal_secs', '10');
        const references = [yield* module_refcount(sd_mod)];
        yield* scsi_remove_device(first.sdev);
        references.push(yield* module_refcount(sd_mod));
        const start = yield* jiffies();
        const done = new completion();
        const seen: { ended?: Ended } = {};
        currentMachine().spawn('writer', function* () {
          seen.ended = yield* transferDisk(disk, 'late');
          yield* complete(done);
        });
        yield* settle();
        if (done.done > 0) throw new Error('it did not wait');
        const back = comesBack ? yield* attach(world.core, qemuNexus(first.sdev.nexus.unit)) : undefined;
        yield* wait_for_completion(done);
        const seconds = Math.round(((yield* jiffies()) - start) / HZ);
        yield* settle();
        references.push(yield* module_refcount(sd_mod));
        const heads = headsOf(world).length;
        if (back !== undefined) {
          yield* sysfs_write(libraryHead(world).disk?.device.kobj ?? disk.device.kobj, 'delayed_removal_secs', '0');
          yield* scsi_remove_host(back.shost);
        }
        yield* scsi_remove_host(first.shost);
        return { references, result: seen.ended?.result ?? 'waits', seconds, heads };
      },
      { parts },
    );
    return { value, messages: messages(reports) };
  };

  it.each([
    ['v3', v3TemplateParts],
    ['fixed', fixedTemplateParts],
  ] as const)(
    '%s: a write in the window succeeds when the path returns, and fails at the end when not',
    (_name, parts) => {
      expect(windowOf(true, parts)).toEqual({
        value: { references: [0, 1, 0], result: 'ok', seconds: 0, heads: 1 },
        messages: [],
      });
      expect(windowOf(false, parts)).toEqual({
        value: { references: [0, 1, 0], result: 'EIO', seconds: 10, heads: 0 },
        messages: [],
      });
    },
  );
});
