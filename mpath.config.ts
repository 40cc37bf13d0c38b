// SPDX-License-Identifier: GPL-2.0-only
import type { MpathConfig } from '@libmultipath/cli';
import { nvmeDriver, nvmeErrors } from '@libmultipath/driver-nvme';

/** The drivers that `mpath` knows. */
export default { drivers: [nvmeDriver], errors: [nvmeErrors] } satisfies MpathConfig;
