// SPDX-License-Identifier: GPL-2.0-only
import { acmeDriver } from './src/index.js';

/** The drivers that `mpath` knows in this folder. */
export default { drivers: [acmeDriver] };
