// SPDX-License-Identifier: GPL-2.0-only
import {
  libV1,
  Machine,
  uninitialised,
  virtualTime,
  withCurrent,
  type block_device,
  type Steps,
  type v1,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { template_multipath_v1 } from './multipath.js';

/** The callbacks of v1, as the library of v1 gets them. To be called where KObjects may be made. */
const callbacks = (): v1.mpath_head_template => {
  const found: v1.mpath_head_template[] = [];
  template_multipath_v1(libV1, (mpdt) => {
    found.push(mpdt);
    return mpdt;
  });
  const [mpdt] = found;
  if (mpdt === undefined) throw new Error('no callbacks');
  return mpdt;
};

type Ask = (mpdt: v1.mpath_head_template, dev: v1.mpath_device) => Steps<unknown> | undefined;

/** What is reported when a callback gets the candidate that __mpath_find_path() of v1 did not set. */
const asked = (ask: Ask): { reports: readonly string[]; cameBack: boolean } => {
  const machine = new Machine();
  const mpdt = withCurrent(machine, undefined, callbacks);
  let cameBack = false;
  machine.spawn('user', function* () {
    const steps = ask(mpdt, uninitialised<v1.mpath_device>('struct mpath_device *', 'mpath_dev_fallback'));
    if (steps === undefined) throw new Error('no such callback');
    yield* steps;
    cameBack = true;
  });
  machine.run(virtualTime());
  return { reports: machine.reports.map(({ message }) => message), cameBack };
};

/** The task does not come back: it followed garbage in that function. */
const faultsIn = (fn: string) => ({ reports: [`BUG: KMSAN: uninit-value in ${fn}`], cameBack: false });

describe('a path of v1 that nobody set: container_of() of garbage is garbage', () => {
  it('whoever asks about it faults', () => {
    const available: v1.bool_pointer = { value: false };
    expect(asked((mpdt, dev) => mpdt.is_disabled(dev))).toEqual(faultsIn('scsi_mpath_is_disabled'));
    expect(asked((mpdt, dev) => mpdt.is_optimized(dev))).toEqual(faultsIn('scsi_mpath_is_disabled'));
    expect(asked((mpdt, dev) => mpdt.get_access_state(dev))).toEqual(faultsIn('scsi_mpath_is_disabled'));
    expect(asked((mpdt, dev) => mpdt.available_path(dev, available))).toEqual(faultsIn('scsi_mpath_available_path'));
  });

  it('an ioctl and a reservation that go to it fault', () => {
    expect(
      asked((mpdt, dev) =>
        mpdt.bdev_ioctl?.(uninitialised<block_device>('struct block_device *', 'bdev'), dev, 0, 0, 0, 0),
      ),
    ).toEqual(faultsIn('scsi_mpath_ioctl'));
    // The method has no name of its own here.
    expect(asked((mpdt, dev) => mpdt.pr_ops?.pr_register?.(dev, 0, 1, 0))).toEqual(faultsIn('user'));
  });
});
