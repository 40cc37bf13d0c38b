// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '../object.js';
import type { Report, ReportClass } from '../report.js';
import { siteOf } from '../step.js';
import type { Task } from '../task.js';

/** A report about a task as it stands, or about a machine as a whole; nothing is booked. */
export const found = (
  reportClass: ReportClass,
  message: string,
  object: KObject | undefined,
  others: Report['others'],
  task?: Task,
): Report => ({
  class: reportClass,
  message,
  object: object?.label ?? '',
  task: task?.name ?? '',
  site: task?.pending === undefined ? undefined : siteOf(task.pending),
  stack: task?.stack() ?? [],
  others,
});
