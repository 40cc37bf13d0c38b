// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_alloc_disk,
  del_gendisk,
  set_bit,
  sysfs_remove_group,
  type LogLine,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MPATH_DEVICE_SYSFS_ATTR_LINK,
  mpath_iopolicy,
  mpath_iopolicy_names,
  type mpath_iopolicy_e,
} from './constants.js';
import { libV3 } from './v3/make-v3.js';
import type { mpath_head } from './v3/structures.js';
import { runWith, seeded } from './testing/schedules.js';
import { addPath, makeHead, makeLiveHead, makePathDisk, runAlone, usable } from './testing/toy-driver.js';

const links = (head: mpath_head): string[] => [...(head.disk?.device.kobj.groups.get('multipath')?.keys() ?? [])];
const said = (log: readonly LogLine[], level: LogLine['level']): string[] =>
  log.filter((line) => line.level === level).map(({ text }) => text);

describe('the links in multipath/', () => {
  it('are made for every path whose disk is added, once, and the group is empty before', () => {
    const { value, machine } = runAlone(function* () {
      const { head } = yield* makeLiveHead([usable, usable]);
      const bare = yield* addPath(head, usable, yield* blk_mq_alloc_disk(0));
      yield* libV3.mpath_add_sysfs_link(head);
      yield* libV3.mpath_add_sysfs_link(head);
      return [links(head), bare.flags];
    });
    expect(value).toEqual([['path0', 'path1'], 0]);
    expect(said(machine.log, 'info')).toEqual([
      'block toy0: Created multipath sysfs link to path0',
      'block toy0: Created multipath sysfs link to path1',
    ]);
    expect(machine.reports).toEqual([]);
  });

  it('fault on a path whose disk the driver has taken away', () => {
    expect(() =>
      runAlone(function* () {
        const { head } = yield* makeLiveHead([usable]);
        yield* addPath(head);
        yield* libV3.mpath_add_sysfs_link(head);
      }),
    ).toThrow(/NULL pointer dereference: mpath_device.disk/);
  });

  it('are not made before the head has its disk, nor for a disk that is not added', () => {
    const { value } = runAlone(function* () {
      const { head } = yield* makeHead([], 0);
      const dev = yield* addPath(head, usable, yield* makePathDisk('path0'));
      yield* libV3.mpath_add_sysfs_link(head);
      return dev.flags;
    });
    expect(value).toBe(0);
  });

  it('that cannot be made are said, and may be tried again', () => {
    const { value, machine } = runAlone(function* () {
      const { head, disk } = yield* makeLiveHead();
      yield* sysfs_remove_group(disk.device.kobj, libV3.mpath_attr_group);
      const dev = yield* addPath(head, usable, yield* makePathDisk('path1'));
      yield* libV3.mpath_add_sysfs_link(head);
      return dev.flags;
    });
    expect(value).toBe(0);
    expect(said(machine.log, 'err')).toEqual(['block toy0: failed to create link to path1 rc=-2']);
  });

  it('go with their path, once; without the flag nothing is done', () => {
    const { value, machine } = runAlone(function* () {
      const { head, paths } = yield* makeLiveHead([usable, usable]);
      const [a] = paths;
      if (a === undefined) throw new Error('no path');
      yield* libV3.mpath_remove_sysfs_link(a);
      yield* libV3.mpath_remove_sysfs_link(a);
      yield* del_gendisk(a.disk);
      return [links(head), a.flags];
    });
    expect(value).toEqual([['path1'], 0]);
    expect(machine.reports).toEqual([]);
  });

  it('of a path whose disk was taken away before are a NULL dereference', () => {
    const ran = runWith((machine) => {
      machine.spawn('test', function* () {
        const { head } = yield* makeLiveHead();
        const dev = yield* addPath(head);
        yield* set_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags');
        yield* libV3.mpath_remove_sysfs_link(dev);
      });
    }, seeded(1));
    expect(ran.machine.reports.map((report) => report.class)).toEqual(['null-dereference']);
  });

  it('are one for each path, whoever races to make them', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        let made: string[] = [];
        const ran = runWith((machine) => {
          machine.spawn('driver', function* () {
            const { head } = yield* makeLiveHead();
            const dev = yield* addPath(head, usable, yield* makePathDisk('path1'));
            machine.spawn('other', () => libV3.mpath_add_sysfs_link(head));
            yield* libV3.mpath_device_set_live(dev);
            made = links(head);
          });
        }, seeded(seed));
        expect(ran.machine.reports).toEqual([]);
        expect(made.includes('path0')).toBe(true);
        expect(said(ran.machine.log, 'info').filter((text) => text.endsWith('path1'))).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('mpath_iopolicy_store and _show', () => {
  const store = (from: mpath_iopolicy_e, text: string): [boolean, string, string[]] => {
    const { value, machine } = runAlone(function* (): Steps<[boolean, string]> {
      const policy = new mpath_iopolicy();
      policy.value = from;
      return [yield* libV3.mpath_iopolicy_store(policy, text), yield* libV3.mpath_iopolicy_show(policy)];
    });
    return [...value, said(machine.log, 'info')];
  };

  it('take a name, with or without one newline, and say what changed from what to what', () => {
    const all = fc.constantFrom<mpath_iopolicy_e>(0, 1, 2);
    fc.assert(
      fc.property(all, all, fc.boolean(), (from, to, newline) => {
        const [old, name] = [mpath_iopolicy_names[from], mpath_iopolicy_names[to]];
        const message = from === to ? [] : [`iopolicy changed from ${old} to ${name}`];
        expect(store(from, newline ? `${name}\n` : name)).toEqual([true, `${name}\n`, message]);
      }),
    );
  });

  it('refuse anything else and change nothing', () => {
    for (const text of ['', 'round', 'numax', 'numa\n\n', ' numa', 'NUMA']) {
      expect(store(1, text)).toEqual([false, 'round-robin\n', []]);
    }
  });

  it('leave the chosen paths alone', () => {
    const { value } = runAlone(function* () {
      const { head, paths } = yield* makeLiveHead();
      if (head.iopolicy !== null) yield* libV3.mpath_iopolicy_store(head.iopolicy, 'round-robin');
      return [head.current_path[0] === paths[0], yield* libV3.mpath_qd_iopolicy(head.iopolicy ?? new mpath_iopolicy())];
    });
    expect(value).toEqual([true, false]);
  });
});

describe('mpath_numa_nodes_show', () => {
  const numa = { cpuNodes: [0, 1, 2, 5], nodes: [0, 1, 2, 5] };
  const shown = (policy: mpath_iopolicy_e, nodes: readonly number[]): string =>
    runAlone(function* () {
      const { head, paths } = yield* makeHead([usable], policy);
      const [dev] = paths;
      if (dev === undefined) throw new Error('no path');
      for (const node of nodes) head.current_path[node] = dev;
      return yield* libV3.mpath_numa_nodes_show(dev);
    }, numa).value;

  it('is a bitmap list and a newline; without nodes just the newline', () => {
    expect(shown(0, [0, 1, 2, 5])).toBe('0-2,5\n');
    expect(shown(0, [5])).toBe('5\n');
    expect(shown(0, [])).toBe('\n');
  });

  it('is nothing at all under another policy', () => {
    expect([shown(1, [0]), shown(2, [0])]).toEqual(['', '']);
  });
});
