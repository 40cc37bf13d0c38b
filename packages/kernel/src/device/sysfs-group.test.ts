// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { CAP_DAC_OVERRIDE, withoutCapabilities } from '../cred/capability.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { run } from '../testing/run.js';
import { device, device_add, device_del } from './device.js';
import type { attribute, attribute_group } from './kobject.js';
import { sysfs_read, sysfs_write } from './sysfs-attribute.js';
import {
  DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE,
  DEFINE_SYSFS_GROUP_VISIBLE,
  sysfs_create_group,
  sysfs_create_groups,
  sysfs_remove_group,
  sysfs_update_group,
} from './sysfs-group.js';
import { sysfs_add_link_to_group, sysfs_create_link, sysfs_remove_link } from './sysfs-link.js';

const shows = (mode: number): attribute => ({
  mode,
  *show() {
    return 'x\n';
  },
  *store(buf) {
    return buf.length;
  },
});

const dummy = { dummy: { mode: 0 } };

function* live(): Steps<device> {
  const dev = new device('a');
  yield* device_add(dev);
  return dev;
}

it('keeps the directory of a group whose only attribute is not to be seen, and takes links into it', () => {
  const { reports } = one(function* () {
    for (const is_visible of [() => false, () => 0, DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE(() => true)]) {
      const dev = yield* live();
      const group: attribute_group = { name: 'multipath', attrs: dummy, is_visible };
      expect(yield* sysfs_create_group(dev.kobj, group)).toBe(0);
      expect([...(dev.kobj.groups.get('multipath')?.keys() ?? ['absent'])]).toEqual([]);
      expect(yield* sysfs_read(dev.kobj, 'multipath/dummy')).toBe(-2);
      expect(yield* sysfs_add_link_to_group(dev.kobj, 'multipath', dev.kobj, 'path')).toBe(0);
      yield* sysfs_remove_group(dev.kobj, group);
      expect(dev.kobj.groups.size).toBe(0);
    }
  });
  expect(reports).toEqual([]);
});

it('has no directory for a group that is not visible as a whole; a link into it finds none', () => {
  const { reports } = one(function* () {
    const dev = yield* live();
    const group: attribute_group = {
      name: 'multipath',
      attrs: dummy,
      is_visible: DEFINE_SIMPLE_SYSFS_GROUP_VISIBLE((kobj) => kobj.name !== 'a'),
    };
    expect(yield* sysfs_create_group(dev.kobj, group)).toBe(0);
    expect(dev.kobj.groups.size).toBe(0);
    expect(yield* sysfs_add_link_to_group(dev.kobj, 'multipath', dev.kobj, 'path')).toBe(-2);
    yield* sysfs_remove_group(dev.kobj, group);
  });
  expect(reports).toEqual(["warning: WARNING: sysfs group 'multipath' not found for kobject 'a'"]);
});

it('asks for each attribute, with its place, and takes the mode that it is told', () => {
  const asked: unknown[] = [];
  const { reports } = one(function* () {
    const dev = yield* live();
    const attrs = { first: shows(0o644), second: shows(0o644), third: shows(0o644) };
    const is_visible = DEFINE_SYSFS_GROUP_VISIBLE(
      () => true,
      (name, kobj, attr, n) => {
        asked.push([name, kobj.name, attr.mode, n]);
        if (name === 'second') return 0o444;
        return name === 'third' ? 0o777 : true;
      },
    );
    yield* sysfs_create_group(dev.kobj, { attrs, is_visible });
    expect([...dev.kobj.attributes].map(([name, { mode }]) => [name, mode])).toEqual([
      ['first', 0o644],
      ['second', 0o444],
      ['third', 0o664],
    ]);
    expect(dev.kobj.attributes.get('first')).toBe(attrs.first);
  });
  expect(asked).toEqual(['first', 'second', 'third'].map((name, n) => [name, 'a', 0o644, n]));
  expect(reports).toEqual(['warning: WARNING: Attribute third: Invalid permissions 0777']);
});

it('updates a group: attributes and directory come and go, links stay', () => {
  const { reports } = one(function* () {
    const dev = yield* live();
    let [directory, attribute] = [true, false];
    const group: attribute_group = {
      name: 'g',
      attrs: { one: shows(0o444) },
      is_visible: DEFINE_SYSFS_GROUP_VISIBLE(
        () => directory,
        () => attribute,
      ),
    };
    yield* sysfs_create_group(dev.kobj, group);
    yield* sysfs_add_link_to_group(dev.kobj, 'g', dev.kobj, 'l');
    attribute = true;
    expect(yield* sysfs_update_group(dev.kobj, group)).toBe(0);
    expect([...(dev.kobj.groups.get('g')?.keys() ?? [])].sort()).toEqual(['l', 'one']);
    directory = false;
    expect(yield* sysfs_update_group(dev.kobj, group)).toBe(0);
    expect(dev.kobj.groups.has('g')).toBe(false);
    directory = true;
    expect(yield* sysfs_update_group(dev.kobj, group)).toBe(0);
    expect(yield* sysfs_read(dev.kobj, 'g/one')).toBe('x\n');
    const plain: attribute_group = { attrs: { two: shows(0o444) }, is_visible: () => attribute };
    yield* sysfs_create_group(dev.kobj, plain);
    attribute = false;
    yield* sysfs_update_group(dev.kobj, plain);
    expect(dev.kobj.attributes.size).toBe(0);
    yield* device_del(dev);
    expect(yield* sysfs_update_group(dev.kobj, group)).toBe(-22);
  });
  expect(reports).toEqual([]);
});

it('makes all groups or none, also those of a device that is added', () => {
  const { reports } = one(function* () {
    const groups = [{ name: 'g', attrs: {} }, { attrs: { a: shows(0o444) } }, { name: 'g', attrs: {} }];
    const dev = yield* live();
    expect(yield* sysfs_create_groups(dev.kobj, groups)).toBe(-17);
    expect([dev.kobj.groups.size, dev.kobj.attributes.size]).toEqual([0, 0]);
    expect(yield* sysfs_create_groups(dev.kobj, groups.slice(1))).toBe(0);
    const other = new device('b');
    other.groups = groups;
    expect(yield* device_add(other)).toBe(-17);
    expect([other.kobj.state_in_sysfs, other.kobj.groups.size]).toEqual([false, 0]);
  });
  expect(reports).toHaveLength(2);
});

it('lets nobody do what no mode bit allows, and a user only what others may', () => {
  const results = new Map<string, unknown>();
  run((machine) => {
    const body = (name: string) =>
      function* (): Steps<void> {
        const dev = new device(name);
        dev.groups = [{ attrs: { rw: shows(0o644), ro: shows(0o444), wo: shows(0o200), mine: shows(0o600) } }];
        yield* device_add(dev);
        const seen: unknown[] = [];
        for (const attr of ['rw', 'ro', 'wo', 'mine']) {
          seen.push(yield* sysfs_read(dev.kobj, attr), yield* sysfs_write(dev.kobj, attr, '12'));
        }
        results.set(name, seen);
      };
    machine.spawn('root', body('root'));
    machine.spawn('user', body('user'), { capabilities: withoutCapabilities(CAP_DAC_OVERRIDE) });
  });
  expect(results.get('root')).toEqual(['x\n', 2, 'x\n', -13, -13, 2, 'x\n', 2]);
  expect(results.get('user')).toEqual(['x\n', -13, 'x\n', -13, -13, -13, -13, -13]);
});

it('reports the removal of a link where there is no directory any more', () => {
  const { reports } = one(function* () {
    const dev = yield* live();
    yield* sysfs_create_link(dev.kobj, dev.kobj, 'self');
    yield* sysfs_remove_link(dev.kobj, 'self');
    yield* sysfs_remove_link(dev.kobj, 'self');
    yield* device_del(dev);
    yield* sysfs_remove_link(dev.kobj, 'self');
  });
  expect(reports).toEqual(["warning: WARNING: kernfs: can not remove 'self', no directory"]);
});
