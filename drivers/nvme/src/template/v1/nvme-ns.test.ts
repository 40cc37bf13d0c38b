// SPDX-License-Identifier: GPL-2.0-only
import { load, uninitialised, type v1 } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { revision, run } from '../testing/user.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';

it('faults on the path of a device that nobody set, as a callback of v1 gets it', () => {
  const { value, reports } = run(revision('v1'), function* () {
    const dev = uninitialised<v1.mpath_device>('struct mpath_device *', 'dev');
    return yield* load(nvme_mpath_to_ns(dev), 'ana_state');
  });
  expect(value).toBeUndefined();
  expect(reports.map(({ message }) => message)).toEqual(['BUG: KMSAN: uninit-value in user']);
});
