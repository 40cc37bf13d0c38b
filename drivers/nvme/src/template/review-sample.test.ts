// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  blkdev_ioctl,
  delete_module,
  E,
  filp_open,
  fput,
  settle,
  vfs_ioctl,
  virtualTime,
  type Chooser,
  type Json,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { findHead, modelHead } from '../model/disks.js';
import { modelSetDelayedRemoval } from '../model/head.js';
import { NVME_IOCTL_ID } from '../passthrough/numbers.js';
import type { NvmeModelWorld } from '../model/world.js';
import { cdevNumber } from './testing/cdev.js';
import { attach, detach, revision, run, type Profile } from './testing/user.js';

/* Defects of the library that show on NVMe, and what the driver adds to them. R-06 is in protocol.test.ts. */

const said = (
  profile: Profile,
  body: (world: NvmeModelWorld) => Steps<Json>,
): { value: unknown; reports: string[] } => {
  const { value, reports } = run(profile, body);
  return { value, reports: reports.map(({ message }) => message) };
};

describe('R-05: the module goes while the head waits to be removed', () => {
  function* unload(world: NvmeModelWorld): Steps<number> {
    yield* attach(world, 'c0');
    yield* modelSetDelayedRemoval(world, { seconds: 5 });
    yield* detach(world, 'c0');
    yield* settle([]);
    return yield* delete_module(world.core.this_module);
  }

  it('is refused where the driver says which is its module', () => {
    for (const name of ['v2', 'v3', 'fixed']) {
      const { value, reports } = run(revision(name), unload);
      expect([name, value, reports.map(({ message }) => message)]).toEqual([name, -E.EWOULDBLOCK, []]);
    }
  });

  it('is allowed on v1, and the timer runs into unloaded text', () => {
    expect(said(revision('v1'), unload)).toEqual({
      value: 0,
      reports: ['BUG: unable to handle page fault for address: remove_work [nvme_core] (unloaded)'],
    });
  });
});

describe('R-08: the char device could not be made', () => {
  /** The one failure that is asked for happens. */
  const failing = (): Chooser => ({ ...virtualTime(), branch: () => 1 });
  const options = { failable: [{ call: 'dev_set_name' }] };

  function* withoutCdev(world: NvmeModelWorld): Steps<Json> {
    yield* attach(world, 'c0');
    const head = yield* modelHead(world);
    yield* detach(world, 'c0');
    yield* settle();
    return head;
  }

  const ended = (name: string) => {
    const { value, reports, machine } = run(revision(name), withoutCdev, { chooser: failing(), options });
    return { value, reports: reports.map((one) => one.message), log: machine.log.map(({ text }) => text) };
  };

  it('is remembered on v3: the disk stays, and nothing is taken away that is not there', () => {
    for (const name of ['v3', 'fixed']) {
      const { value, reports, log } = ended(name);
      expect(value).toMatchObject({ present: true, cdev: false });
      expect(reports).toEqual([]);
      expect(log.filter((text) => text.includes('Unable to create the cdev'))).toHaveLength(1);
    }
  });

  it('is forgotten on v1 and v2: what was never added is deleted', () => {
    for (const name of ['v1', 'v2']) {
      const { value, reports, log } = ended(name);
      expect(value).toMatchObject({ present: true, cdev: false });
      expect(log.filter((text) => text.includes('Unable to create the cdev'))).toEqual([]);
      expect(reports[0]).toBe('WARNING: device_del: a device was never added');
    }
  });
});

describe('an opener that outlives the driver’s head', () => {
  function* ioctlOnOpen(world: NvmeModelWorld): Steps<Json> {
    yield* attach(world, 'c0');
    const disk = findHead(world);
    if (disk === undefined) throw new Error('there is no head');
    const opened = yield* filp_open(cdevNumber(world));
    if (typeof opened === 'number') throw new Error('the char device cannot be opened');
    yield* bdev_open(disk);
    yield* detach(world, 'c0');
    yield* settle();
    const results = [yield* blkdev_ioctl(disk, NVME_IOCTL_ID, 0), yield* vfs_ioctl(opened, NVME_IOCTL_ID, 0)];
    yield* bdev_release(disk);
    yield* fput(opened);
    return results;
  }

  it.each(['v1', 'v2'])('asks it for the policy on %s: drvdata points to freed memory', (name) => {
    const { reports } = said(revision(name), ioctlOnOpen);
    expect(reports).toContain('KASAN: slab-use-after-free in nvme_mpath_get_iopolicy');
  });

  it('gets an answer on fixed: there is no path', () => {
    expect(said(revision('fixed'), ioctlOnOpen)).toEqual({ value: [-E.EWOULDBLOCK, -E.EWOULDBLOCK], reports: [] });
  });
});
