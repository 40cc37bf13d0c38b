// SPDX-License-Identifier: GPL-2.0-only
import { dm_create, dm_message, dm_reload, set_queue_if_no_path_timeout_secs } from '@libmultipath/dm-multipath';
import { E, type Steps } from '@libmultipath/driver-kit';
import { trace_expired, trace_orphan, trace_returned } from '../environment/journal.js';
import type { virtio_multipath } from '../environment/multipath-ops.js';
import type { virtio_blk } from '../environment/virtio-blk.js';
import type { virtio_core } from '../environment/virtio-core.js';
import { Daemon } from './daemon.js';

/**
 * dm-multipath over the disks, and the part of user space that tells it what happened: the same as `guest/`
 * does on a real kernel. The disks know nothing of it: they are ordinary ones.
 * - a disk comes: a table with it takes the place of the one before;
 * - a disk goes: its path is failed, as multipathd's checker would.
 */
export const dm_oracle = (core: () => virtio_core): virtio_multipath => {
  const daemon = new Daemon();
  const options = () => ({
    queueIfNoPath: daemon.delaySecs > 0,
    timedOut: () => trace_expired(core().journal),
  });
  function* load_table(): Steps<void> {
    if (daemon.md === null) daemon.md = yield* dm_create({ name: 'dm-0', ...options() }, daemon.groups());
    else yield* dm_reload(daemon.md, options(), daemon.groups());
  }
  const message = function* (kind: 'fail_path' | 'reinstate_path', { disk }: virtio_blk): Steps<void> {
    if (daemon.md !== null) yield* dm_message(daemon.md, { kind, path: disk.disk_name });
  };
  return {
    hidesPaths: false,
    *init_path() {
      return 0;
    },
    path_groups: () => [],
    *set_live({ disk }) {
      daemon.disks.push(disk);
      yield* load_table();
      yield* trace_returned(core().journal);
    },
    *remove_path({ disk }) {
      daemon.disks.splice(daemon.disks.indexOf(disk), 1);
      return daemon.disks.length === 0;
    },
    *path_removed(vblk, last) {
      if (last) yield* trace_orphan(core().journal);
      yield* message('fail_path', vblk);
    },
    // A table has the length that it was made with.
    *revalidate() {},
    set_usable: (vblk, usable) => message(usable ? 'reinstate_path' : 'fail_path', vblk),
    head_disk: () => daemon.md?.disk,
    *set_delayed_removal(seconds) {
      if (daemon.md === null) return -E.ENOENT;
      daemon.delaySecs = seconds;
      yield* set_queue_if_no_path_timeout_secs(seconds);
      yield* dm_message(daemon.md, { kind: seconds > 0 ? 'queue_if_no_path' : 'fail_if_no_path' });
      return 0;
    },
    *set_iopolicy(policy) {
      if (daemon.md === null) return -E.ENOENT;
      if (policy !== 'numa' && policy !== 'round-robin') return -E.EINVAL;
      daemon.policy = policy;
      yield* load_table();
      return 0;
    },
  };
};
