// SPDX-License-Identifier: GPL-2.0-only
import {
  cdev_device_add,
  cdev_init,
  compat_sys_ioctl,
  E,
  filp_open,
  fput,
  FMODE_READ,
  FMODE_WRITE,
  io_do_iopoll,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  MKDEV,
  settle,
  srcu_readers,
  vfs_ioctl,
  type file,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { makeLiveHead, onlyPath, runAlone, toyTemplate, usable, type toy_path } from './testing/toy-driver.js';
import { libV3 } from './v3/make-v3.js';
import type { mpath_head } from './v3/structures.js';
import type { mpath_head_template } from './v3/template.js';

const DEVT = MKDEV(240, 7);

/** A template with a char device; `more` says what else it does. */
const withCdev = (more: Partial<mpath_head_template> = {}): mpath_head_template => ({
  ...toyTemplate,
  *add_cdev(head): Steps<number> {
    yield* cdev_init(head.cdev, libV3.mpath_chr_fops);
    head.cdev_device.name = 'toyc0';
    head.cdev_device.devt = DEVT;
    return yield* cdev_device_add(head.cdev, head.cdev_device);
  },
  *del_cdev() {},
  *cdev_ioctl() {
    return 0;
  },
  ...more,
});

const opened = (result: file | number): file => {
  if (typeof result === 'number') throw new Error(`open gave ${String(result)}`);
  return result;
};

/** Runs `body` with the char device of a live head open for writing. */
const withFile = <T>(
  template: mpath_head_template,
  body: (f: file, head: mpath_head, path: toy_path) => Steps<T>,
  mode: number = FMODE_READ | FMODE_WRITE,
): { value: T; messages: string[] } => {
  const { value, machine } = runAlone(function* () {
    const { head, paths } = yield* makeLiveHead([usable], 0, template);
    yield* settle();
    const f = opened(yield* filp_open(DEVT, mode));
    return yield* body(f, head, onlyPath(paths));
  });
  return { value, messages: machine.reports.map(({ message }) => message) };
};

const isInside = (head: mpath_head): boolean => srcu_readers(head.srcu).length > 0;

function* disable(path: toy_path, head: mpath_head): Steps<void> {
  path.disabled = true;
  head.current_path[0] = null;
  yield* settle();
}

describe('mpath_chr_fops', () => {
  it('holds a reference on the head from open to the last close, and pins no module', () => {
    const { value, messages } = withFile(withCdev(), function* (f, head) {
      const during = head.refcount.refs;
      yield* fput(f);
      return [during, head.refcount.refs, libV3.mpath_chr_fops.owner];
    });
    expect(value).toEqual([2, 1, undefined]);
    expect(messages).toEqual([]);
  });

  it('refuses an open of a head that is going with -ENXIO', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeLiveHead([usable], 0, withCdev());
      yield* settle();
      yield* libV3.mpath_put_head(head);
      return yield* filp_open(DEVT);
    });
    expect(value).toBe(-E.ENXIO);
  });

  it.each([
    [FMODE_READ | FMODE_WRITE, true],
    [FMODE_READ, false],
  ])('gives the driver path, command and whether the file is open for writing (mode %d: %s)', (mode, for_write) => {
    const calls: unknown[] = [];
    const template = withCdev({
      *cdev_ioctl(dev, ...rest): Steps<number> {
        calls.push([dev.disk?.disk_name, ...rest]);
        return 3;
      },
    });
    const { value } = withFile(
      template,
      function* (f) {
        return [yield* vfs_ioctl(f, 5, 'arg'), yield* compat_sys_ioctl(f, 6, 'arg')];
      },
      mode,
    );
    expect(value).toEqual([3, 3]);
    expect(calls).toEqual([
      ['path0', 5, 'arg', for_write],
      ['path0', 6, 'arg', for_write],
    ]);
  });

  it('gives -EWOULDBLOCK to an ioctl without a path', () => {
    const { value } = withFile(withCdev(), function* (f, head, path) {
      yield* disable(path, head);
      return yield* vfs_ioctl(f, 5, 'arg');
    });
    expect(value).toBe(-E.EWOULDBLOCK);
  });

  it('reports a char device whose template has no ioctl', () => {
    const { cdev_ioctl: _, ...rest } = withCdev();
    const ran = (): unknown =>
      runAlone(function* () {
        const { head } = yield* makeLiveHead([usable], 0, withCdev());
        yield* settle();
        head.mpdt = rest;
        return yield* vfs_ioctl(opened(yield* filp_open(DEVT)), 5, 'arg');
      });
    expect(ran).toThrow(/kernel NULL pointer dereference: mpath_head_template.cdev_ioctl/);
  });
});

describe('mpath_chr_uring_cmd', () => {
  it('passes the command to the driver with a path, inside the SRCU section', () => {
    let seen: unknown;
    const { value } = withFile(
      withCdev({
        *chr_uring_cmd(dev, ioucmd, issue_flags): Steps<number> {
          seen = [
            dev.disk?.disk_name,
            ioucmd.cmd_op,
            issue_flags > 0,
            dev.mpath_head !== null && isInside(dev.mpath_head),
          ];
          return 9;
        },
      }),
      function* (f) {
        return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 4, null));
      },
    );
    expect(value).toBe(9);
    expect(seen).toEqual(['path0', 4, true, true]);
  });

  it('is -EINVAL without a path, whether the driver has the callback or not', () => {
    for (const more of [
      {},
      {
        *chr_uring_cmd() {
          return 9;
        },
      },
    ]) {
      const { value } = withFile(withCdev(more), function* (f, head, path) {
        yield* disable(path, head);
        return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 4, null));
      });
      expect(value).toBe(-E.EINVAL);
    }
  });

  it('is -EOPNOTSUPP with a path and without the callback', () => {
    const { value } = withFile(withCdev(), function* (f) {
      return yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, 4, null));
    });
    expect(value).toBe(-E.EOPNOTSUPP);
  });
});

describe('mpath_chr_uring_cmd_iopoll', () => {
  it('asks the driver without a path and outside of SRCU; -EOPNOTSUPP without the callback', () => {
    let inside: boolean | undefined;
    const queued = {
      *chr_uring_cmd(): Steps<number> {
        return -E.EIOCBQUEUED;
      },
    };
    const polls = (template: mpath_head_template): number =>
      withFile(template, function* (f, head, path) {
        const ioucmd = yield* io_uring_submit_cmd(f, 4, null, true);
        yield* disable(path, head);
        return yield* io_do_iopoll(ioucmd);
      }).value;
    const polled = {
      *chr_uring_cmd_iopoll(): Steps<number> {
        inside = false;
        return 1;
      },
    };
    expect(polls(withCdev({ ...queued, ...polled }))).toBe(1);
    expect(inside).toBe(false);
    expect(polls(withCdev(queued))).toBe(-E.EOPNOTSUPP);
  });
});
