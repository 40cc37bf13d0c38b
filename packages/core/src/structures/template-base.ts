// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from './mpath-device-base.js';

/** The callbacks that no revision can do without and none has changed. */
export interface mpath_head_template_base<D extends mpath_device_base> {
  /**
   * The path must not get I/O now.
   * Context: inside the head's SRCU section; from `mpath_device_set_live()` also under `mpath_head.lock`.
   */
  readonly is_disabled: (dev: D) => Steps<boolean>;
  /** The path is usable and optimized. Context: as `is_disabled`. */
  readonly is_optimized: (dev: D) => Steps<boolean>;
}
