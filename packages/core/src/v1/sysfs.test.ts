// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_alloc_disk,
  device_add_disk,
  settle,
  sysfs_remove_group,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mpath_iopolicy, mpath_iopolicy_names, type mpath_iopolicy_e } from '../constants.js';
import { makePathDisk, runAlone, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeHead, makeLiveHead, makeOnePathHead } from './testing/toy-driver.js';
import type { mpath_disk } from './structures.js';

const links = ({ disk }: mpath_disk): string[] => [...(disk?.device.kobj.groups.get('multipath')?.keys() ?? [])];
const said = ({ log }: Machine, level: string): string[] =>
  log.filter((line) => line.level === level).map(({ text }) => text);

const all = fc.constantFrom<mpath_iopolicy_e>(0, 1, 2);

describe('the group multipath/ of v1', () => {
  it('is an empty directory of the library’s disks, and none of others', () => {
    const { value } = runAlone(function* () {
      const { disk } = yield* makeOnePathHead();
      const other = yield* blk_mq_alloc_disk(0);
      other.disk_name = 'other';
      yield* device_add_disk(null, other, libV1.mpath_device_groups);
      return [[...(disk.disk?.device.kobj.groups.keys() ?? [])], [...other.device.kobj.groups.keys()]];
    });
    expect(value).toEqual([['multipath'], []]);
  });
});

describe('the links of v1', () => {
  it('are made for every path, once', () => {
    const { value, machine } = runAlone(function* () {
      const { disk } = yield* makeLiveHead([usable, usable]);
      yield* settle();
      yield* libV1.mpath_add_sysfs_link(disk);
      return links(disk);
    });
    expect(value).toEqual(['path0', 'path1']);
    expect(said(machine, 'info')).toEqual([
      'block toy0: Created multipath sysfs link to path0',
      'block toy0: Created multipath sysfs link to path1',
    ]);
  });

  it('are not made before the disk is added', () => {
    const { value } = runAlone(function* () {
      const { head, disk } = yield* makeHead([]);
      const dev = yield* addPath(head, usable, yield* makePathDisk('path0'));
      yield* libV1.mpath_add_sysfs_link(disk);
      return dev.flags;
    });
    expect(value).toBe(0);
  });

  it('that cannot be made are said, and may be tried again', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk, gendisk } = yield* makeOnePathHead();
      yield* sysfs_remove_group(gendisk.device.kobj, libV1.mpath_attr_group);
      const dev = yield* addPath(head, usable, yield* makePathDisk('path1'));
      yield* libV1.mpath_add_sysfs_link(disk);
      return dev.flags;
    });
    expect(value).toBe(0);
    expect(said(machine, 'err')).toEqual(['block toy0: failed to create link to path1 rc=-2']);
  });

  it('go with their path, once', () => {
    const { value, machine } = runAlone(function* () {
      const { disk, path } = yield* makeOnePathHead();
      yield* libV1.mpath_remove_sysfs_link(disk, path);
      yield* libV1.mpath_remove_sysfs_link(disk, path);
      return [links(disk), path.flags];
    });
    expect(value).toEqual([[], 0]);
    expect(machine.reports).toEqual([]);
  });
});

describe('mpath_iopolicy_store and _show of v1', () => {
  const store = (from: mpath_iopolicy_e, text: string) => {
    const calls: string[] = [];
    const { value, machine } = runAlone(function* (): Steps<[number, string]> {
      const policy = new mpath_iopolicy();
      policy.value = from;
      const update = function* (data: string): Steps<void> {
        calls.push(`${data} sees ${yield* libV1.mpath_iopolicy_show(policy)}`);
      };
      const result = yield* libV1.mpath_iopolicy_store(policy, text, update, 'data');
      return [result, yield* libV1.mpath_iopolicy_show(policy)];
    });
    return { value, calls, messages: said(machine, 'err'), infos: said(machine, 'info') };
  };

  it('give the length of the text; on a change they call back after the store, then say it as an error', () => {
    fc.assert(
      fc.property(all, all, fc.boolean(), (from, to, newline) => {
        const [old, name] = [mpath_iopolicy_names[from], mpath_iopolicy_names[to]];
        const text = newline ? `${name}\n` : name;
        expect(store(from, text)).toEqual({
          value: [text.length, `${name}\n`],
          calls: from === to ? [] : [`data sees ${name}\n`],
          messages: from === to ? [] : [`iopolicy changed from ${old} to ${name}`],
          infos: [],
        });
      }),
    );
  });

  it.each(['', 'round', 'numax', 'numa\n\n', ' numa'])('refuse %j with -EINVAL and change nothing', (text) => {
    expect(store(1, text)).toEqual({ value: [-22, 'round-robin\n'], calls: [], messages: [], infos: [] });
  });
});

describe('the module parameter', () => {
  const set = (text: string | null, from: mpath_iopolicy_e = 0): [number, string] =>
    runAlone(function* (): Steps<[number, string]> {
      const policy = new mpath_iopolicy();
      policy.value = from;
      const result = yield* libV1.mpath_set_iopolicy(text, policy);
      return [result, libV1.mpath_get_iopolicy(policy.value)];
    }).value;

  it('is set by a name, whatever follows it', () => {
    fc.assert(
      fc.property(all, fc.string(), (policy, tail) => {
        expect(set(`${mpath_iopolicy_names[policy]}${tail}`)).toEqual([0, `${mpath_iopolicy_names[policy]}\n`]);
      }),
    );
  });

  it.each([null, '', 'num', 'round-robi', ' numa', 'NUMA'])('refuses %j with -EINVAL', (text) => {
    expect(set(text, 2)).toEqual([-22, 'queue-depth\n']);
  });
});

describe('mpath_numa_nodes_show, mpath_read_iopolicy and mpath_qd_iopolicy of v1', () => {
  const shown = (policy: mpath_iopolicy_e, nodes: readonly number[]): string =>
    runAlone(
      function* () {
        const { head, policy: iopolicy, paths } = yield* makeHead([usable], policy);
        const [dev] = paths;
        if (dev === undefined) throw new Error('no path');
        for (const node of nodes) head.current_path[node] = dev;
        return yield* libV1.mpath_numa_nodes_show(head, dev, iopolicy);
      },
      { cpuNodes: [0, 1, 2, 5], nodes: [0, 1, 2, 5] },
    ).value;

  it('is a bitmap list and a newline, of no nodes the newline, and nothing under another policy', () => {
    expect([shown(0, [0, 1, 2, 5]), shown(0, [5]), shown(0, []), shown(1, [0]), shown(2, [0])]).toEqual([
      '0-2,5\n',
      '5\n',
      '\n',
      '',
      '',
    ]);
  });

  it('read the policy', () => {
    const { value } = runAlone(function* () {
      const policy = new mpath_iopolicy();
      policy.value = 2;
      const seen = [yield* libV1.mpath_read_iopolicy(policy), yield* libV1.mpath_qd_iopolicy(policy)];
      policy.value = 1;
      return [...seen, yield* libV1.mpath_qd_iopolicy(policy)];
    });
    expect(value).toEqual([2, true, false]);
  });
});
