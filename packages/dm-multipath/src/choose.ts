// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import { locked } from './locked.js';
import type { multipath, pgpath, priority_group } from './multipath.js';

/** Kernel: rr_select_path(): the first in the list, which goes to its end. */
const select = ({ valid_paths }: priority_group): pgpath | null => {
  const path = valid_paths.shift();
  if (path === undefined) return null;
  valid_paths.push(path);
  return path;
};

/** Kernel: __switch_pg(): with a handler the group is activated first, and everything waits. */
const switchTo = (m: multipath, pg: priority_group): void => {
  m.current_pg = pg;
  m.pg_init_required = m.hw_handler_name !== null;
  m.queue_io = m.hw_handler_name !== null;
};

/** Kernel: choose_path_in_pg(). */
const inGroup = (m: multipath, pg: priority_group): pgpath | null => {
  const path = select(pg);
  if (path === null) return null;
  if (m.current_pg !== pg) switchTo(m, pg);
  m.current_pgpath = path;
  return path;
};

/** Groups in the order in which they are tried: the one asked for, the current one, the others, at last those bypassed. */
const order = (m: multipath): (priority_group | null)[] => [
  m.next_pg,
  m.current_pg,
  ...m.priority_groups.filter(({ bypassed }) => !bypassed),
  ...m.priority_groups.filter(({ bypassed }) => bypassed),
];

/** Kernel: choose_pgpath(), 6.12, as one critical section. */
export const choose_pgpath = kfn('choose_pgpath', (m: multipath): Steps<pgpath | null> =>
  locked('choose_pgpath', m, () => {
    if (m.nr_valid_paths > 0) {
      for (const pg of order(m)) {
        if (pg === m.next_pg) m.next_pg = null;
        const path = pg === null ? null : inGroup(m, pg);
        if (path !== null) return path;
      }
    } else {
      m.queue_io = false;
    }
    m.current_pgpath = null;
    m.current_pg = null;
    return null;
  }),
);
