// SPDX-License-Identifier: GPL-2.0-only
import type { MpathConfig } from '@libmultipath/cli';
import { store } from '@libmultipath/driver-kit';
import { profile_7_3 } from '@libmultipath/driver-nvme';
import { wrongDriver } from '../wrong-driver.js';

const { remove_disk } = profile_7_3.parts;

const driver = wrongDriver({
  *remove_disk(head) {
    // Wrong: whatever was asked for, the head goes with its last path.
    yield* store(head, 'delayed_removal_secs', 0);
    yield* remove_disk(head);
  },
});

const config: MpathConfig = { drivers: [driver] };
export default config;
