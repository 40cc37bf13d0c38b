// SPDX-License-Identifier: GPL-2.0-only
import { delete_module, in_module, module, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runAlone } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeHead, makeOnePathHead, toyTemplate } from './testing/toy-driver.js';

const ENOMEM = -12;

describe('R-05: nobody sets drv_module but the driver', () => {
  const removal = (forgotten: boolean) => {
    const driver: { module?: module } = {};
    let removed = 0;
    const { value, machine } = runAlone(function* () {
      const toy = new module('toy');
      driver.module = toy;
      const template = {
        ...toyTemplate,
        remove_head: (): Steps<void> =>
          in_module(
            toy,
            'toy_remove_head',
            (function* () {
              removed++;
            })(),
          ),
      };
      const { head } = yield* makeHead([], 0, template);
      if (!forgotten) head.drv_module = toy;
      yield* libV2.mpath_delayed_removal_secs_store(head, '1');
      const now = yield* libV2.mpath_can_remove_head(head);
      return [now, yield* delete_module(toy)];
    });
    return { value, removed, classes: machine.reports.map((report) => report.class), left: driver.module?.refcnt };
  };

  it('lets the module go while the removal is armed, and the work calls into text that is gone', () => {
    expect(removal(true)).toEqual({ value: [false, 0], removed: 0, classes: ['module'], left: 0 });
  });

  it('is no matter for a driver that set it: the unload is refused until the work has run', () => {
    expect(removal(false)).toEqual({ value: [false, -11], removed: 1, classes: [], left: 0 });
  });
});

describe('R-08: a char device that was never made is deleted', () => {
  it.each([ENOMEM, 0])('calls del_cdev when add_cdev gave %d', (result) => {
    const calls: string[] = [];
    const { machine } = runAlone(function* () {
      const template = {
        ...toyTemplate,
        *add_cdev(): Steps<number> {
          calls.push('add_cdev');
          return result;
        },
        *del_cdev(): Steps<void> {
          calls.push('del_cdev');
        },
        *cdev_ioctl(): Steps<number> {
          return 0;
        },
      };
      const { head } = yield* makeOnePathHead(template);
      yield* libV2.mpath_remove_disk(head);
    });
    expect(calls).toEqual(['add_cdev', 'del_cdev']);
    expect(machine.log.filter(({ level }) => level === 'err')).toEqual([]);
  });
});
