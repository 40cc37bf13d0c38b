// SPDX-License-Identifier: GPL-2.0-only
import { blk_mq_alloc_disk, device_add_disk, settle, type Machine, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mpath_iopolicy, mpath_iopolicy_names, type mpath_iopolicy_e } from '../constants.js';
import { runAlone, usable } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeHead, makeLiveHead, makeOnePathHead } from './testing/toy-driver.js';

const said = ({ log }: Machine, level: string): string[] =>
  log.filter((line) => line.level === level).map(({ text }) => text);

const all = fc.constantFrom<mpath_iopolicy_e>(0, 1, 2);

describe('the group multipath/ and its links in v2', () => {
  it('are there for the library’s disks, with a link for each path, made once; other disks have no such group', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk } = yield* makeLiveHead([usable, usable]);
      yield* settle();
      yield* libV2.mpath_add_sysfs_link(head);
      const other = yield* blk_mq_alloc_disk(0);
      other.disk_name = 'other';
      yield* device_add_disk(null, other, libV2.mpath_device_groups);
      return [[...(disk.device.kobj.groups.get('multipath')?.keys() ?? [])], [...other.device.kobj.groups.keys()]];
    });
    expect(value).toEqual([['path0', 'path1'], []]);
    expect(said(machine, 'info')).toEqual([
      'block toy0: Created multipath sysfs link to path0',
      'block toy0: Created multipath sysfs link to path1',
    ]);
  });

  it('go with their path, once', () => {
    const { value, machine } = runAlone(function* () {
      const { disk, path } = yield* makeOnePathHead();
      yield* libV2.mpath_remove_sysfs_link(path);
      yield* libV2.mpath_remove_sysfs_link(path);
      return [[...(disk.device.kobj.groups.get('multipath')?.keys() ?? [])], path.flags];
    });
    expect(value).toEqual([[], 0]);
    expect(machine.reports).toEqual([]);
  });
});

describe('mpath_iopolicy_store and _show of v2', () => {
  const store = (from: mpath_iopolicy_e, text: string) => {
    const { value, machine } = runAlone(function* (): Steps<[boolean, string]> {
      const policy = new mpath_iopolicy();
      policy.value = from;
      return [yield* libV2.mpath_iopolicy_store(policy, text), yield* libV2.mpath_iopolicy_show(policy)];
    });
    return { value, infos: said(machine, 'info'), errors: said(machine, 'err') };
  };

  it('say whether the name is known, and what changed, as information', () => {
    fc.assert(
      fc.property(all, all, (from, to) => {
        const [old, name] = [mpath_iopolicy_names[from], mpath_iopolicy_names[to]];
        expect(store(from, `${name}\n`)).toEqual({
          value: [true, `${name}\n`],
          infos: from === to ? [] : [`iopolicy changed from ${old} to ${name}`],
          errors: [],
        });
      }),
    );
    expect(store(1, 'numax')).toEqual({ value: [false, 'round-robin\n'], infos: [], errors: [] });
  });
});

describe('the module parameter of v2', () => {
  it.each([
    ['numa', 0, 'numa\n'],
    ['numa and more', 0, 'numa\n'],
    ['round-robin', 0, 'round-robin\n'],
    ['queue-depths', 0, 'queue-depth\n'],
    ['queue', -22, 'numa\n'],
    [null, -22, 'numa\n'],
  ])('%j gives %d', (text, result, shown) => {
    const { value } = runAlone(function* () {
      const policy = new mpath_iopolicy();
      return [yield* libV2.mpath_set_iopolicy(text, policy), libV2.mpath_get_iopolicy(policy.value)];
    });
    expect(value).toEqual([result, shown]);
  });
});

describe('mpath_numa_nodes_show, mpath_read_iopolicy and mpath_qd_iopolicy of v2', () => {
  const shown = (policy: mpath_iopolicy_e, nodes: readonly number[]): string =>
    runAlone(
      function* () {
        const { head, policy: iopolicy, paths } = yield* makeHead([usable], policy);
        const [dev] = paths;
        if (dev === undefined) throw new Error('no path');
        for (const node of nodes) head.current_path[node] = dev;
        return yield* libV2.mpath_numa_nodes_show(dev, iopolicy);
      },
      { cpuNodes: [0, 1, 2, 5], nodes: [0, 1, 2, 5] },
    ).value;

  it('is a bitmap list and a newline, of no nodes the newline, and nothing under another policy', () => {
    expect([shown(0, [0, 1, 2, 5]), shown(0, []), shown(1, [0])]).toEqual(['0-2,5\n', '\n', '']);
  });

  it('read the policy', () => {
    const { value } = runAlone(function* () {
      const policy = new mpath_iopolicy();
      policy.value = 2;
      const seen = [yield* libV2.mpath_read_iopolicy(policy), yield* libV2.mpath_qd_iopolicy(policy)];
      policy.value = 0;
      return [...seen, yield* libV2.mpath_qd_iopolicy(policy)];
    });
    expect(value).toEqual([2, true, false]);
  });
});
