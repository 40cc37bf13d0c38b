// SPDX-License-Identifier: GPL-2.0-only
import { blkdev_ioctl, E, KObject, settle, srcu_readers, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import type { mpath_head } from './v3/structures.js';
import type { mpath_head_template } from './v3/template.js';
import { runWith, seeded } from './testing/schedules.js';
import { makeLiveHead, runAlone, toyTemplate, usable } from './testing/toy-driver.js';

class controller extends KObject {}

/** Runs one ioctl of the head's disk; notes who is inside the SRCU section at each call. */
const ioctl = (begin: 'absent' | 'nothing' | 'object', disabled = false): { result: number; calls: string[] } => {
  const calls: string[] = [];
  const { value } = runAlone(function* () {
    const heads: mpath_head[] = [];
    const note = (call: string): void => {
      calls.push(`${call} ${heads.some(({ srcu }) => srcu_readers(srcu).length > 0) ? 'inside' : 'outside'}`);
    };
    const opaque = begin === 'object' ? new controller() : null;
    const template: mpath_head_template = {
      ...toyTemplate,
      ...(begin === 'absent'
        ? {}
        : {
            *ioctl_begin(): Steps<KObject | null> {
              note('begin');
              return opaque;
            },
            *ioctl_finish(): Steps<void> {
              note('finish');
            },
          }),
    };
    const live = yield* makeLiveHead([usable], 0, template);
    yield* settle();
    heads.push(live.head);
    const [path] = live.paths;
    if (path === undefined || path.disk === null) throw new Error('no path');
    path.disabled = disabled;
    path.disk.fops = {
      ...path.disk.fops,
      *ioctl(bdev, _mode, cmd, arg): Steps<number> {
        note(`ioctl ${bdev.bd_disk.disk_name} ${String(cmd)} ${String(arg)}`);
        return 7;
      },
    };
    return yield* blkdev_ioctl(live.disk, 42, 'arg');
  });
  return { result: value, calls };
};

describe('mpath_bdev_ioctl', () => {
  it('calls the path on its whole disk, inside the SRCU section', () => {
    expect(ioctl('absent')).toEqual({ result: 7, calls: ['ioctl path0 42 arg inside'] });
    expect(ioctl('nothing')).toEqual({ result: 7, calls: ['begin inside', 'ioctl path0 42 arg inside'] });
  });

  it('leaves the SRCU section before the ioctl when the driver gave something to hold on to', () => {
    expect(ioctl('object')).toEqual({
      result: 7,
      calls: ['begin inside', 'ioctl path0 42 arg outside', 'finish outside'],
    });
  });

  it('is -EWOULDBLOCK without a path, and asks the driver nothing', () => {
    expect(ioctl('nothing', true)).toEqual({ result: -E.EWOULDBLOCK, calls: [] });
  });

  it('does not test whether the path has the method', () => {
    const ran = runWith((machine) => {
      machine.spawn('test', function* () {
        const { disk } = yield* makeLiveHead();
        yield* blkdev_ioctl(disk, 1, 0);
      });
    }, seeded(1));
    expect(ran.machine.reports.map(({ message }) => message)).toEqual([
      'BUG: kernel NULL pointer dereference: block_device_operations.ioctl',
    ]);
  });
});
