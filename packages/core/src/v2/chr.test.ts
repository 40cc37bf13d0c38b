// SPDX-License-Identifier: GPL-2.0-only
import {
  cdev_device_add,
  cdev_device_del,
  cdev_init,
  device,
  device_add,
  E,
  file,
  filp_open,
  fput,
  FMODE_READ,
  FMODE_WRITE,
  io_do_iopoll,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  MKDEV,
  vfs_ioctl,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runAlone } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeOnePathHead, toyTemplate, type toy_path } from './testing/toy-driver.js';
import type { mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const DEVT = MKDEV(240, 7);

function* add_cdev(head: mpath_head): Steps<number> {
  yield* cdev_init(head.cdev, libV2.mpath_chr_fops);
  head.cdev_device.name = 'toyc0';
  head.cdev_device.devt = DEVT;
  return yield* cdev_device_add(head.cdev, head.cdev_device);
}

const withCdev = (more: Partial<mpath_head_template> = {}): mpath_head_template => ({
  ...toyTemplate,
  add_cdev,
  *del_cdev(head): Steps<void> {
    yield* cdev_device_del(head.cdev, head.cdev_device);
  },
  *cdev_ioctl(_dev, cmd, _arg, open_for_write): Steps<number> {
    return cmd + (open_for_write ? 1 : 0);
  },
  ...more,
});

const withFile = <T>(
  template: mpath_head_template,
  body: (f: file, head: mpath_head, path: toy_path) => Steps<T>,
  mode: number = FMODE_READ,
): T =>
  runAlone(function* () {
    const { head, path } = yield* makeOnePathHead(template);
    const f = yield* filp_open(DEVT, mode);
    if (!(f instanceof file)) throw new Error(`open gave ${String(f)}`);
    return yield* body(f, head, path);
  }).value;

function* disable(path: toy_path, head: mpath_head): Steps<void> {
  path.disabled = true;
  yield* libV2.mpath_clear_paths(head);
}

describe('mpath_chr_fops of v2', () => {
  it('holds a reference on the head from open to the last close', () => {
    const refs = withFile(withCdev(), function* (f, head) {
      const during = head.ref.refcount.refs;
      yield* fput(f);
      return [during, head.ref.refcount.refs];
    });
    expect(refs).toEqual([2, 1]);
  });

  it('gives an ioctl to the driver, or -EWOULDBLOCK', () => {
    const ioctl = (f: file): Steps<number> => vfs_ioctl(f, 10, 'arg');
    expect(withFile(withCdev(), ioctl)).toBe(10);
    expect(withFile(withCdev(), ioctl, FMODE_READ | FMODE_WRITE)).toBe(11);
    expect(
      withFile(withCdev(), function* (f, head, path) {
        yield* disable(path, head);
        return yield* ioctl(f);
      }),
    ).toBe(-E.EWOULDBLOCK);
  });

  it.each([
    ['a callback, a path', true, true, 4],
    ['no callback, a path', false, true, -E.EOPNOTSUPP],
    ['a callback, no path', true, false, -E.EINVAL],
    ['neither', false, false, -E.EINVAL],
  ])('passes a command of io_uring on with a path: %s', (_what, has, hasPath, result) => {
    const chr_uring_cmd = function* (): Steps<number> {
      return 4;
    };
    const given = withFile(withCdev(has ? { chr_uring_cmd } : {}), function* (f, head, path) {
      if (!hasPath) yield* disable(path, head);
      return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 9, null));
    });
    expect(given).toBe(result);
  });

  it('polls without a path', () => {
    const poll = function* (f: file, head: mpath_head, path: toy_path): Steps<number> {
      yield* disable(path, head);
      return yield* io_do_iopoll(yield* io_uring_submit_cmd(f, 9, null, true));
    };
    const chr_uring_cmd_iopoll = function* (): Steps<number> {
      return 6;
    };
    expect(withFile(withCdev({ chr_uring_cmd_iopoll }), poll)).toBe(6);
    expect(withFile(withCdev(), poll)).toBe(-E.EOPNOTSUPP);
  });

  it('shows R-08: a char device that could not be added loses a reference that it has no more', () => {
    const { machine } = runAlone(function* () {
      const parent = new device('chr');
      yield* device_add(parent);
      yield* device_add(new device('toyc0', parent));
      const { head } = yield* makeOnePathHead(
        withCdev({
          *add_cdev(owner): Steps<number> {
            // The name is taken.
            owner.cdev_device.parent = parent;
            return yield* add_cdev(owner);
          },
        }),
      );
      yield* libV2.mpath_remove_disk(head);
    });
    expect(machine.reports.map((report) => report.class)).toEqual(['double-add', 'stale-state', 'refcount']);
  });
});
