// SPDX-License-Identifier: GPL-2.0-only
import { mutex } from '../locks/mutex.js';
import { KObject } from '../object.js';
import { nothing, StepTraits } from '../step.js';
import { stackingLimits, type queue_limits } from './queue-limits.js';

/**
 * Kernel: struct request_queue, as far as entering and freezing goes. Who enters touches all of `q_usage_counter`; who
 * leaves and who waits for that meet in its element `uses`, who opens and closes it in `gate`: leaving commutes with that.
 */
export class request_queue extends KObject {
  /** Uses: bios in a submit function, and requests in flight. */
  usage = 0;
  /** Above zero nobody may enter. */
  mq_freeze_depth = 0;
  /** The disk died: who waits to enter gets an error. Follows GD_DEAD. */
  dying = false;
  limits: queue_limits = stackingLimits;
  readonly limits_lock: mutex;
  readonly #enterTraits = new StepTraits({
    ordering: 'acquire',
    enabled: () => this.mq_freeze_depth === 0 || this.dying || this.alloc.freedAt !== undefined,
  });
  readonly #exitTraits = new StepTraits({
    ordering: 'release',
    tells: nothing,
    also: [{ object: this, field: 'q_usage_counter[uses]', access: 'leave' }],
  });
  readonly #drainTraits = new StepTraits({
    ordering: 'full',
    tells: nothing,
    enabled: () => this.usage === 0 || this.alloc.freedAt !== undefined,
    also: [{ object: this, field: 'q_usage_counter[uses]', access: 'await' }],
  });
  readonly #gateTraits = new StepTraits({
    ordering: 'full',
    tells: nothing,
    also: [{ object: this, field: 'q_usage_counter[gate]', access: 'update' }],
  });

  constructor(container?: KObject) {
    super(container);
    this.limits_lock = new mutex(this);
  }

  get enterTraits(): StepTraits {
    return this.#enterTraits;
  }

  get exitTraits(): StepTraits {
    return this.#exitTraits;
  }

  get drainTraits(): StepTraits {
    return this.#drainTraits;
  }

  get gateTraits(): StepTraits {
    return this.#gateTraits;
  }
}
