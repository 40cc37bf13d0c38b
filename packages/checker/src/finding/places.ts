// SPDX-License-Identifier: GPL-2.0-only
import type { Report } from '@libmultipath/kernel';

/** Who was where when memory was used after its free. */
export interface Places {
  /** Kernel functions under way at the report, innermost first, and the task. */
  readonly used: readonly string[];
  /** Those under way at the free; none: nothing of it was freed. */
  readonly freed: readonly string[];
}

const FREED = 'freed by';

/** Of a report; of none (a task that waits): nobody was anywhere. */
export const placesOf = (report: Report | undefined): Places => ({
  used: report === undefined ? [] : [...report.stack, report.task],
  freed: report?.others.find(({ role }) => role === FREED)?.where.stack ?? [],
});
