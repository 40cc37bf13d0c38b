// SPDX-License-Identifier: GPL-2.0-only
import { atomic_read, atomic_set, E, kstrtouint, type atomic_t, type attribute } from '@libmultipath/driver-kit';

/** A counter that can be read and set, as those under `diag/`. Errors: EINVAL for anything but a number. */
export const counter_attribute = (counter: atomic_t): attribute => ({
  mode: 0o644,
  *show() {
    return `${String(yield* atomic_read(counter))}\n`;
  },
  *store(buf) {
    const value = kstrtouint(buf);
    if (value < 0) return -E.EINVAL;
    yield* atomic_set(counter, value);
    return buf.length;
  },
});
