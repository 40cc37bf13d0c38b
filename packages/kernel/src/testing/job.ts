// SPDX-License-Identifier: GPL-2.0-only
import { spinlock_t } from '../locks/spinlock.js';
import { load } from '../memory/access.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { completion } from '../wait/completion.js';
import { delayed_work } from '../workqueue/delayed-work.js';
import { work_struct } from '../workqueue/work.js';

/** A work, and a delayed one, of one function: it counts its runs, and does `extra` in each. */
export class job extends KObject {
  runs = 0;
  inside = 0;
  readonly spin = new spinlock_t(this);
  readonly gate = new completion(this);
  readonly work: work_struct;
  readonly delayed: delayed_work;

  constructor(extra?: (j: job) => Steps<void>) {
    super();
    const body = (): Steps<void> => this.run(extra);
    this.work = new work_struct(this, body, 'job_work');
    this.delayed = new delayed_work(this, body, 'job_delayed');
  }

  private *run(extra?: (j: job) => Steps<void>): Steps<void> {
    if (++this.inside !== 1) throw new Error('the work runs twice at a time');
    this.runs++;
    yield* load(this, 'runs');
    if (extra !== undefined) yield* extra(this);
    this.inside--;
  }
}

/** Something to wait for. */
export class signal extends KObject {
  readonly done = new completion(this);
}

/** The steps, without what they give. */
export function* dropped(steps: Steps<unknown>): Steps<void> {
  yield* steps;
}
