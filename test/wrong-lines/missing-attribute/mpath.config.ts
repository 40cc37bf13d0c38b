// SPDX-License-Identifier: GPL-2.0-only
import type { MpathConfig } from '@libmultipath/cli';
import { profile_7_3 } from '@libmultipath/driver-nvme';
import { wrongDriver } from '../wrong-driver.js';

const { attributes } = profile_7_3.parts;

// Wrong: 7.3 shows `queue_depth` of a path too.
const driver = wrongDriver({ attributes: { ...attributes, path: ['numa_nodes'] } });

const config: MpathConfig = { drivers: [driver] };
export default config;
