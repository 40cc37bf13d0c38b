// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';
import { activate_path } from './activate.js';
import { locked } from './locked.js';
import type { mapped_device } from './mapped-device.js';
import type { multipath, pgpath } from './multipath.js';
import { disable_nopath_timeout } from './no-path-timeout.js';
import { fail_path, queue_from_now_on, queue_if_no_path, reinstate_path } from './paths.js';
import { errors } from './errors.js';

const targetOf = ({ m, name }: mapped_device): multipath => {
  if (m !== null) return m;
  throw errors.fail('LMP-290', { message: `${name} has no table`, todo: 'load one' });
};

const pathOf = (m: multipath, name: string): pgpath => {
  const found = m.priority_groups.flatMap(({ pgpaths }) => pgpaths).find(({ disk }) => disk.disk_name === name);
  if (found !== undefined) return found;
  throw errors.fail('LMP-290', { message: `the table ${m.name} has no path ${name}`, todo: 'name one of its disks' });
};

/** Messages of the target that change paths or waiting. */
export type DmMessage =
  | { readonly kind: 'fail_path' | 'reinstate_path'; readonly path: string }
  | { readonly kind: 'queue_if_no_path' | 'fail_if_no_path' };

/** `dmsetup message`. Kernel: multipath_message(), 6.12. Context: may sleep. Errors: LMP-290. */
export function* dm_message(md: mapped_device, message: DmMessage): Steps<void> {
  const m = targetOf(md);
  switch (message.kind) {
    case 'fail_path':
      yield* fail_path(pathOf(m, message.path));
      return;
    case 'reinstate_path':
      yield* reinstate_path(pathOf(m, message.path), activate_path);
      return;
    case 'queue_if_no_path':
      yield* queue_from_now_on(m);
      return;
    case 'fail_if_no_path':
      yield* queue_if_no_path(m, false, false);
      yield* disable_nopath_timeout(m);
  }
}

/** One path in `dmsetup status`: A active, F failed. */
export interface DmPathStatus {
  readonly path: string;
  readonly state: 'A' | 'F';
  readonly failCount: number;
}

/** A group in `dmsetup status`: D disabled, A current, E enabled. */
export interface DmGroupStatus {
  readonly state: 'D' | 'A' | 'E';
  readonly paths: readonly DmPathStatus[];
}

/** What `dmsetup status` says. Errors: LMP-290. */
export const dm_status = (md: mapped_device): Steps<readonly DmGroupStatus[]> => {
  const m = targetOf(md);
  return locked('dm_status', m, () =>
    m.priority_groups.map((pg) => ({
      state: pg.bypassed ? 'D' : pg === m.current_pg ? 'A' : 'E',
      paths: pg.pgpaths.map(({ disk, is_active, fail_count }) => ({
        path: disk.disk_name,
        state: is_active ? 'A' : 'F',
        failCount: fail_count,
      })),
    })),
  );
};
