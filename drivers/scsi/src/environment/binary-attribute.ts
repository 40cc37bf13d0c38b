// SPDX-License-Identifier: GPL-2.0-only
import type { attribute, Steps } from '@libmultipath/driver-kit';
import { latin1, type Bytes } from './bytes.js';

/** A binary attribute: read whole, one character (U+0000 to U+00FF) for each byte; or -errno. */
export const dataAttribute = (read: () => Steps<Bytes | number>): attribute => ({
  mode: 0o444,
  *show() {
    const data = yield* read();
    return typeof data === 'number' ? data : latin1(data);
  },
});
