// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import type { StepOptions } from '../step.js';

/**
 * Kernel: struct address_space: cached data of a block device or a file, in sectors of 512
 * bytes. All of it stands for one field, `i_pages`, whose tags the kernel keeps.
 */
export class address_space extends KObject {
  /** Sectors that are cached. */
  readonly i_pages = new Set<number>();
  /** Those of them that the disk does not have yet. */
  readonly dirty = new Set<number>();
  /** Writes on their way to the disk. */
  writeback = 0;
  /** Kernel: AS_EIO: a write failed since somebody was told. */
  eio = false;
  /** Sectors whose write failed: the cache calls them clean, the disk never got them. For observers. */
  readonly lost = new Set<number>();
  readonly #waitOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.writeback === 0 || this.alloc.freedAt !== undefined,
  };

  get waitOptions(): StepOptions {
    return this.#waitOptions;
  }
}
