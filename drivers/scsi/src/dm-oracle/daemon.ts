// SPDX-License-Identifier: GPL-2.0-only
import {
  dm_create,
  dm_message,
  dm_reload,
  dm_resume,
  dm_status,
  dm_suspend,
  set_queue_if_no_path_timeout_secs,
  type DmGroups,
  type mapped_device,
} from '@libmultipath/dm-multipath';
import { E, KObject, type gendisk, type Steps } from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';
import { note, type scsi_journal } from '../model/journal.js';
import { dmPathOf } from './path-of.js';

interface Member {
  readonly label: string;
  readonly sdev: scsi_device;
  readonly disk: gendisk;
}

/**
 * What user space does over a kernel that has no SCSI multipath: a small multipathd. The guest's is
 * guest/over-dm.ts, and the two do the same at the same places: a table when a path comes, `fail_path` when
 * one has gone, `reinstate_path` when somebody says so.
 */
export class DmDaemon extends KObject {
  md: mapped_device | null = null;
  /** Paths that are there, in the order in which they came. */
  readonly members: Member[] = [];
  /** Label of every disk that was ever in a table. */
  readonly labels = new Map<gendisk, string>();
  delaySecs = 0;
  policy = 'numa';

  constructor(
    private readonly journal: scsi_journal,
    private readonly hwHandler: string | undefined,
  ) {
    super();
  }

  /** Policy numa without nodes stays on the first path until it fails, as a group for each path does. */
  private groups(): DmGroups {
    const paths = this.members.map(({ sdev }) => dmPathOf(sdev));
    return this.policy === 'numa' ? paths.map((path) => [path]) : [paths];
  }

  private *loadTable(): Steps<void> {
    const options = {
      queueIfNoPath: this.delaySecs > 0,
      timedOut: () => note(this.journal, 'expired'),
      ...(this.hwHandler === undefined ? {} : { hwHandler: this.hwHandler }),
    };
    if (this.md === null) this.md = yield* dm_create({ name: 'dm-0', ...options }, this.groups());
    else yield* dm_reload(this.md, options, this.groups());
  }

  /** A path has come; without a disk it is none. */
  *came(label: string, sdev: scsi_device): Steps<void> {
    const disk = sdev.sdkp?.disk;
    if (disk === undefined) return;
    this.members.push({ label, sdev, disk });
    this.labels.set(disk, label);
    yield* this.loadTable();
    if (this.journal.isOrphan) yield* note(this.journal, 'returned');
    this.journal.isOrphan = false;
  }

  /** A path has gone. */
  *went(label: string): Steps<void> {
    const index = this.members.findIndex((one) => one.label === label);
    const [gone] = index < 0 ? [] : this.members.splice(index, 1);
    if (gone === undefined || this.md === null) return;
    yield* dm_message(this.md, { kind: 'fail_path', path: gone.disk.disk_name });
  }

  *reinstate(label: string): Steps<void> {
    const member = this.members.find((one) => one.label === label);
    if (member === undefined || this.md === null) return;
    yield* dm_message(this.md, { kind: 'reinstate_path', path: member.disk.disk_name });
  }

  /** @returns 0 or -errno */
  *suspend(): Steps<number> {
    if (this.md === null) return -E.ENXIO;
    yield* dm_suspend(this.md);
    return 0;
  }

  /** @returns 0 or -errno */
  *resume(): Steps<number> {
    if (this.md === null) return -E.ENXIO;
    yield* dm_resume(this.md);
    return 0;
  }

  /** @returns 0 or -errno */
  *setDelay(seconds: number): Steps<number> {
    if (this.md === null) return -E.ENOENT;
    this.delaySecs = seconds;
    yield* set_queue_if_no_path_timeout_secs(seconds);
    yield* dm_message(this.md, { kind: seconds > 0 ? 'queue_if_no_path' : 'fail_if_no_path' });
    return 0;
  }

  /** @returns 0 or -errno */
  *setPolicy(policy: string): Steps<number> {
    if (this.md === null) return -E.ENOENT;
    if (policy !== 'numa' && policy !== 'round-robin') return -E.EINVAL;
    this.policy = policy;
    yield* this.loadTable();
    return 0;
  }

  /** Path label → A or F with how often it has failed, of the table in use. */
  *status(): Steps<Readonly<Record<string, string>>> {
    if (this.md === null) return {};
    const names = new Map([...this.labels].map(([disk, label]) => [disk.disk_name, label]));
    const groups = yield* dm_status(this.md);
    return Object.fromEntries(
      groups.flatMap(({ paths }) =>
        paths.map(({ path, state, failCount }) => [names.get(path) ?? path, `${state} ${String(failCount)}`]),
      ),
    );
  }
}
