// SPDX-License-Identifier: GPL-2.0-only
import type { MpathConfig } from '@libmultipath/cli';
import { list_first_or_null_rcu, list_next_or_null_rcu, READ_ONCE } from '@libmultipath/driver-kit';
import { profile_7_3 } from '@libmultipath/driver-nvme';
import { wrongDriver } from '../wrong-driver.js';

const { find_path, iopolicy_names } = profile_7_3.parts;
const round_robin = iopolicy_names.indexOf('round-robin');

const driver = wrongDriver({
  *find_path(head) {
    const ns = yield* find_path(head);
    if (ns === null || (yield* READ_ONCE(head.subsys, 'iopolicy')) !== round_robin) return ns;
    // Wrong: one path too far, so the alternation starts with the second of the list.
    return (yield* list_next_or_null_rcu(head.list, ns.siblings)) ?? (yield* list_first_or_null_rcu(head.list));
  },
});

const config: MpathConfig = { drivers: [driver] };
export default config;
