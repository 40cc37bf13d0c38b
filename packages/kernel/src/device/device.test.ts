// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { wait_for_completion, completion, complete } from '../wait/completion.js';
import { one } from '../testing/one.js';
import { everySchedule } from '../testing/run.js';
import { device, device_add, device_del, get_device, put_device } from './device.js';
import { sysfs_read, sysfs_write } from './sysfs-attribute.js';
import { sysfs_create_group, sysfs_remove_group } from './sysfs-group.js';
import {
  sysfs_add_link_to_group,
  sysfs_create_link,
  sysfs_remove_link,
  sysfs_remove_link_from_group,
} from './sysfs-link.js';

const plain = { name: 'multipath', attrs: {} };

it('adds and deletes, with attributes, links, groups and uevents', () => {
  const { machine, reports } = one(function* () {
    const parent = new device('ctl');
    const dev = new device('disk', parent);
    dev.groups = [
      {
        attrs: {
          size: {
            mode: 0o444,
            *show() {
              return '8\n';
            },
          },
          hidden: { mode: 0o444 },
          policy: {
            mode: 0o644,
            *store(buf: string) {
              return buf.length;
            },
          },
        },
        is_visible: (name) => name !== 'hidden',
      },
    ];
    yield* device_add(parent);
    expect(yield* device_add(dev)).toBe(0);
    expect([...parent.kobj.children.keys()]).toEqual(['disk']);
    expect(yield* sysfs_read(dev.kobj, 'size')).toBe('8\n');
    expect(yield* sysfs_read(dev.kobj, 'hidden')).toBe(-2);
    expect(yield* sysfs_read(dev.kobj, 'policy')).toBe(-5);
    expect(yield* sysfs_write(dev.kobj, 'policy', 'numa')).toBe(4);
    expect(yield* sysfs_add_link_to_group(dev.kobj, 'multipath', parent.kobj, 'p')).toBe(-2);
    expect(yield* sysfs_create_group(dev.kobj, plain)).toBe(0);
    expect(yield* sysfs_add_link_to_group(dev.kobj, 'multipath', parent.kobj, 'p')).toBe(0);
    yield* sysfs_remove_link_from_group(dev.kobj, 'multipath', 'p');
    yield* sysfs_remove_link_from_group(dev.kobj, 'none', 'p');
    expect(dev.kobj.groups.get('multipath')?.size).toBe(0);
    yield* sysfs_remove_group(dev.kobj, plain);
    expect(yield* sysfs_create_link(dev.kobj, parent.kobj, 'device')).toBe(0);
    yield* sysfs_remove_link(dev.kobj, 'device');
    yield* device_del(dev);
    expect(yield* sysfs_create_link(dev.kobj, parent.kobj, 'device')).toBe(-14);
    expect(yield* sysfs_create_link(parent.kobj, dev.kobj, 'child')).toBe(-2);
    expect(yield* sysfs_create_group(dev.kobj, plain)).toBe(-22);
    expect(parent.kobj.children.size).toBe(0);
  });
  expect(reports).toEqual([]);
  expect(machine.uevents).toEqual([
    { action: 'add', path: '/ctl' },
    { action: 'add', path: '/ctl/disk' },
    { action: 'remove', path: '/ctl/disk' },
  ]);
});

it('reports a name that is taken, and gives -EEXIST', () => {
  const { reports } = one(function* () {
    const dev = new device('a');
    yield* device_add(dev);
    yield* sysfs_create_link(dev.kobj, dev.kobj, 'x');
    expect(yield* sysfs_create_link(dev.kobj, dev.kobj, 'x')).toBe(-17);
    expect(yield* device_add(dev)).toBe(-17);
  });
  expect(reports).toEqual([
    "double-add: sysfs: cannot create duplicate filename '/a/x'",
    "double-add: sysfs: cannot create duplicate filename '/a'",
  ]);
});

it('releases at the last put', () => {
  one(function* () {
    const dev = new device('a');
    let released = 0;
    dev.release = function* () {
      released++;
    };
    yield* get_device(dev);
    yield* put_device(dev);
    expect(released).toBe(0);
    yield* put_device(dev);
    expect(released).toBe(1);
  });
});

it('waits in device_del() for an attribute method that runs', () => {
  everySchedule(
    (machine) => {
      const dev = new device('a');
      const gate = new completion();
      let inside = false;
      machine.spawn('boot', function* () {
        dev.groups = [
          {
            attrs: {
              slow: {
                mode: 0o444,
                *show() {
                  inside = true;
                  yield* wait_for_completion(gate);
                  inside = false;
                  return '';
                },
              },
            },
          },
        ];
        yield* device_add(dev);
        machine.spawn('reader', function* () {
          yield* sysfs_read(dev.kobj, 'slow');
        });
        machine.spawn('opener', () => complete(gate));
        yield* device_del(dev);
        expect(inside).toBe(false);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
});
