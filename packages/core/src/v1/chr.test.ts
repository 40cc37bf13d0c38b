// SPDX-License-Identifier: GPL-2.0-only
import {
  cdev_device_add,
  cdev_device_del,
  cdev_init,
  compat_sys_ioctl,
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
  srcu_readers,
  vfs_ioctl,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { runAlone } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { makeOnePathHead, toyTemplate, type toy_path } from './testing/toy-driver.js';
import type { mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const DEVT = MKDEV(240, 7);

/** A template with a char device; `more` says what else it does. */
const withCdev = (more: Partial<mpath_head_template> = {}): mpath_head_template => ({
  ...toyTemplate,
  *add_cdev(head): Steps<number> {
    yield* cdev_init(head.cdev, libV1.mpath_generic_chr_fops);
    head.cdev_device.name = 'toyc0';
    head.cdev_device.devt = DEVT;
    return yield* cdev_device_add(head.cdev, head.cdev_device);
  },
  *del_cdev(head): Steps<void> {
    yield* cdev_device_del(head.cdev, head.cdev_device);
  },
  ...more,
});

const isInside = (head: mpath_head): boolean => srcu_readers(head.srcu).length > 0;

/** Runs `body` with the char device of a live head open. */
const withFile = <T>(
  template: mpath_head_template,
  body: (f: file, head: mpath_head, path: toy_path) => Steps<T>,
  mode: number = FMODE_READ | FMODE_WRITE,
): { value: T | undefined; messages: string[] } => {
  const made: { value?: T } = {};
  const { machine } = runWith(
    (started) => {
      started.spawn('test', function* () {
        const { head, path } = yield* makeOnePathHead(template);
        const f = yield* filp_open(DEVT, mode);
        if (!(f instanceof file)) throw new Error(`open gave ${String(f)}`);
        made.value = yield* body(f, head, path);
      });
    },
    { ...seeded(1), branch: () => 0 },
  );
  return { value: made.value, messages: machine.reports.map(({ message }) => message) };
};

const none = (): never => {
  throw new Error('no callback');
};

function* disable(path: toy_path, head: mpath_head): Steps<void> {
  path.disabled = true;
  yield* libV1.mpath_clear_paths(head);
}

describe('mpath_generic_chr_fops', () => {
  it('holds a reference on the head from open to the last close', () => {
    const { value, messages } = withFile(withCdev(), function* (f, head) {
      const during = head.ref.refcount.refs;
      yield* fput(f);
      return [during, head.ref.refcount.refs, libV1.mpath_generic_chr_fops.owner];
    });
    expect(value).toEqual([2, 1, undefined]);
    expect(messages).toEqual([]);
  });

  it('refuses an open of a head that is going with -ENXIO', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeOnePathHead(withCdev());
      head.ref.refcount.refs = 0;
      return yield* filp_open(DEVT);
    });
    expect(value).toBe(-E.ENXIO);
  });

  it('gives the driver head, path, mode, command, and the section that it has to leave', () => {
    const calls: unknown[][] = [];
    const template = withCdev({
      *cdev_ioctl(head, dev, mode, cmd, arg, srcu_idx): Steps<number> {
        const inside = isInside(head);
        yield* libV1.mpath_head_read_unlock(head, srcu_idx);
        calls.push([dev.disk?.disk_name, mode, cmd, arg, inside, isInside(head)]);
        return 3;
      },
    });
    const ioctls = function* (f: file): Steps<number[]> {
      return [yield* vfs_ioctl(f, 5, 'arg'), yield* compat_sys_ioctl(f, 6, 'arg')];
    };
    const { value, messages } = withFile(template, ioctls, FMODE_READ);
    expect(value).toEqual([3, 3]);
    expect(calls).toEqual([
      ['path0', FMODE_READ, 5, 'arg', true, false],
      ['path0', FMODE_READ, 6, 'arg', true, false],
    ]);
    expect(messages).toEqual([]);
  });

  it('warns of a driver that stays inside', () => {
    const template = withCdev({
      *cdev_ioctl() {
        return 0;
      },
    });
    expect(withFile(template, (f) => vfs_ioctl(f, 5, 'arg')).messages).toEqual([
      'WARNING: mpath_generic_chr_ioctl: lockdep_assert_not_held(&mpath_head->srcu)',
    ]);
  });

  it('gives -EWOULDBLOCK to an ioctl without a path, and follows a callback that is not there with one', () => {
    const { value, messages } = withFile(withCdev(), function* (f, head, path) {
      yield* disable(path, head);
      return [yield* vfs_ioctl(f, 5, 'arg'), isInside(head)];
    });
    expect([value, messages]).toEqual([[-E.EWOULDBLOCK, false], []]);
    expect(withFile(withCdev(), (f) => vfs_ioctl(f, 5, 'arg')).messages).toEqual([
      'BUG: kernel NULL pointer dereference: mpath_head_template.cdev_ioctl',
    ]);
  });

  it('passes commands of io_uring on with a path, inside the section', () => {
    const calls: unknown[] = [];
    const heads: mpath_head[] = [];
    const template = withCdev({
      *chr_uring_cmd(dev, { cmd_op }): Steps<number> {
        calls.push([dev.disk?.disk_name, cmd_op, heads.some(isInside)]);
        return 4;
      },
    });
    const { value } = withFile(template, function* (f, head) {
      heads.push(head);
      return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 9, null));
    });
    expect(value).toBe(4);
    expect(calls).toEqual([['path0', 9, true]]);
  });

  it.each([
    ['no callback, no path', false, false, -E.EOPNOTSUPP],
    ['no callback, a path', false, true, -E.EOPNOTSUPP],
    ['a callback, no path', true, false, -E.EWOULDBLOCK],
  ])('looks for the callback of io_uring before it looks for a path: %s', (_what, has, hasPath, result) => {
    const chr_uring_cmd = function* (): Steps<number> {
      return 4;
    };
    const { value } = withFile(withCdev(has ? { chr_uring_cmd } : {}), function* (f, head, path) {
      if (!hasPath) yield* disable(path, head);
      // Called directly: a ring tries again what gives -EAGAIN, which is the same number.
      const { uring_cmd } = f.f_op;
      const issued = yield* io_uring_submit_cmd(f, 9, null);
      return uring_cmd === undefined ? 'none' : yield* uring_cmd(issued, 0);
    });
    expect(value).toBe(result);
  });

  it('polls without a section and without a path', () => {
    const poll = function* (f: file, head: mpath_head, path: toy_path): Steps<number> {
      yield* disable(path, head);
      return yield* io_do_iopoll(yield* io_uring_submit_cmd(f, 9, null, true));
    };
    const chr_uring_cmd_iopoll = function* (): Steps<number> {
      return 6;
    };
    expect(withFile(withCdev({ chr_uring_cmd_iopoll }), poll).value).toBe(6);
    expect(withFile(withCdev(), poll).value).toBe(-E.EOPNOTSUPP);
  });

  it('shows R-08: a char device that could not be added loses a reference that it has no more', () => {
    const { machine } = runAlone(function* () {
      const parent = new device('chr');
      yield* device_add(parent);
      yield* device_add(new device('toyc0', parent));
      const made = withCdev();
      const failing = withCdev({
        *add_cdev(head): Steps<number> {
          // The name is taken.
          head.cdev_device.parent = parent;
          return yield* made.add_cdev?.(head) ?? none();
        },
      });
      const { disk } = yield* makeOnePathHead(failing);
      yield* libV1.mpath_remove_disk(disk);
    });
    expect(machine.reports.map((report) => report.class)).toEqual(['double-add', 'stale-state', 'refcount']);
  });
});
