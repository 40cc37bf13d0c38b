// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../machine.js';
import { lifeOf } from '../memory/check.js';
import { rcu_head } from '../rcu/callback.js';
import type { Report } from '../report.js';
import { timer_list } from '../time/timer.js';
import { work_struct } from '../workqueue/work.js';
import { found } from './found.js';

/**
 * What is still to happen to memory that is gone: works that are pending, timers that are armed and RCU callbacks
 * that are queued in a freed object. Each will be a use after free when its time comes; a run that ends
 * before that shows it here. In order of task creation; class `use-after-free`.
 */
export const activeInFreedMemory = (machine: Machine): Report[] => {
  const reports: Report[] = [];
  for (const { subject } of machine.tasks) {
    if (subject?.alloc.freed !== true) continue;
    const others = lifeOf(subject);
    if (subject instanceof work_struct && subject.pending) {
      const message = `ODEBUG: active object type: work_struct hint: ${subject.name} in freed memory`;
      reports.push(found('use-after-free', message, subject, others));
    } else if (subject instanceof rcu_head && subject.callback !== null) {
      const message = `ODEBUG: active object type: rcu_head hint: ${subject.callback.func.name} in freed memory`;
      reports.push(found('use-after-free', message, subject, others));
    }
  }
  for (const timer of machine.clock.armed.keys()) {
    if (!timer.alloc.freed) continue;
    const message = `ODEBUG: active object type: timer_list hint: ${timer instanceof timer_list ? timer.name : timer.label} in freed memory`;
    reports.push(found('use-after-free', message, timer, lifeOf(timer)));
  }
  return reports;
};
