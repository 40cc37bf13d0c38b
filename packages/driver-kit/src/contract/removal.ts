// SPDX-License-Identifier: GPL-2.0-only
import type { BatteryHead } from '@libmultipath/contract';
import { list_entries, type KObject, type MachineEvent, type Task } from '@libmultipath/kernel';
import { peek } from '../template/peek.js';
import type { Found } from './finding.js';
import type { ContractLab } from './laboratory.js';

/** A grace period of the head, by numbers of steps. */
interface GracePeriod {
  readonly task: Task;
  readonly begin: number;
  end: number;
}

/**
 * Watches one path go: what the machine shows of it, step by step. Nothing is taken from the driver's
 * own word but what `is_disabled` answers.
 */
export class RemovalWatch {
  private readonly graces: GracePeriod[] = [];
  private disabledAt: number | undefined;
  private clearedAt: number | undefined;
  private unlinkedAt: number | undefined;
  private freedAt: number | undefined;
  private wasCached: boolean;
  private cachedAtUnlink = false;
  /** Function of the driver that unlinked it. */
  private by = 'the removal';

  constructor(
    private readonly lab: ContractLab,
    private readonly head: BatteryHead,
    private readonly dev: KObject,
  ) {
    this.wasCached = head.currentPath.includes(dev);
  }

  see({ index, task, step }: MachineEvent): void {
    const { head, dev } = this;
    if (this.freedAt !== undefined) return;
    if (step.object === Reflect.get(head.object, 'srcu')) this.seeGrace(index, task, step.op);
    if (dev.alloc.freed || head.object.alloc.freed) {
      this.freedAt = index;
      return;
    }
    if (this.disabledAt === undefined && this.isDisabled()) this.disabledAt = index;
    const cached = head.currentPath.includes(dev);
    if (this.wasCached && !cached) this.clearedAt = index;
    this.wasCached = cached;
    if (this.unlinkedAt === undefined && !list_entries(head.paths).includes(dev)) {
      this.unlinkedAt = index;
      this.cachedAtUnlink = cached;
      this.by = task.stack().find((fn) => !fn.startsWith('mpath_')) ?? this.by;
    }
  }

  private seeGrace(index: number, task: Task, op: string): void {
    if (op === 'synchronize_srcu') this.graces.push({ task, begin: index, end: index });
    const open = op === 'synchronize_srcu_end' ? this.graces.findLast((grace) => grace.task === task) : undefined;
    if (open !== undefined) open.end = index;
  }

  private isDisabled(): boolean {
    const { lab, head, dev } = this;
    const callback = lab.callback(head, 'is_disabled');
    return callback !== undefined && peek(lab.machine, () => callback(dev))?.value === true;
  }

  private graceBetween(from: number, to: number): boolean {
    return this.graces.some(({ begin, end }) => begin > from && end < to);
  }

  /** What the removal left out. */
  found(): Found[] {
    const { by, disabledAt, clearedAt, unlinkedAt, freedAt } = this;
    if (unlinkedAt === undefined) {
      return [
        {
          rule: 'references-returned',
          callback: 'remove',
          message: 'the path is still on the list after its removal; expected mpath_delete_device()',
        },
      ];
    }
    const found: Found[] = [];
    const lacks = (rule: Found['rule'], message: string): void => {
      found.push({ rule, callback: by, message });
    };
    if (disabledAt === undefined || disabledAt > unlinkedAt) {
      lacks(
        'removal-disable',
        `${by}() unlinks a path that is_disabled() calls usable; expected the path to be disabled first`,
      );
    }
    if (this.cachedAtUnlink) {
      lacks(
        'removal-clear',
        `${by}() unlinks a path that is cached in current_path; expected mpath_clear_current_path() before mpath_delete_device()`,
      );
    }
    const disabled = disabledAt ?? unlinkedAt;
    if (clearedAt !== undefined && clearedAt < unlinkedAt) {
      if (disabled < clearedAt && !this.graceBetween(disabled, clearedAt)) {
        lacks(
          'removal-grace-before-clear',
          `${by}() clears the path from the cache while a reader may still take it for usable; ` +
            'expected mpath_synchronize() between disabling it and mpath_clear_current_path()',
        );
      }
      if (!this.graceBetween(clearedAt, unlinkedAt)) {
        lacks(
          'removal-grace-before-unlink',
          `${by}() unlinks the path while a reader may hold it from the cache; ` +
            'expected mpath_synchronize() between mpath_clear_current_path() and mpath_delete_device()',
        );
      }
    }
    if (freedAt !== undefined && !this.graceBetween(unlinkedAt, freedAt)) {
      lacks(
        'removal-grace-before-free',
        `${by}() lets the path be freed while a reader may stand on it in the list; ` +
          'expected mpath_synchronize() after mpath_delete_device()',
      );
    }
    return found;
  }
}
