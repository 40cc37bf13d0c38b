// SPDX-License-Identifier: GPL-2.0-only
import { libV1, load, uninitialised, type v1 } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { NVME_IOCTL_ID } from '../../passthrough/numbers.js';
import { revision, run } from '../testing/user.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';
import { make_ioctls } from './passthrough.js';

it('faults on the path of a device that nobody set, as a callback of v1 gets it', () => {
  const { value, reports } = run(revision('v1'), function* () {
    const dev = uninitialised<v1.mpath_device>('struct mpath_device *', 'dev');
    return yield* load(nvme_mpath_to_ns(dev), 'ana_state');
  });
  expect(value).toBeUndefined();
  expect(reports.map(({ message }) => message)).toEqual(['BUG: KMSAN: uninit-value in user']);
});

it('faults in an ioctl that goes to such a device', () => {
  const { value, reports } = run(revision('v1'), function* () {
    const dev = uninitialised<v1.mpath_device>('struct mpath_device *', 'dev');
    const { cdev_ioctl } = make_ioctls(libV1);
    return yield* cdev_ioctl(uninitialised<v1.mpath_head>('struct mpath_head *', 'head'), dev, 0, NVME_IOCTL_ID, 0, 0);
  });
  expect(value).toBeUndefined();
  expect(reports.map(({ message }) => message)).toEqual(['BUG: KMSAN: uninit-value in nvme_mpath_cdev_ioctl']);
});
