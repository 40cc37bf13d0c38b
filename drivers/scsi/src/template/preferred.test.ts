// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, msleep, settle, sysfs_read, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsi_remove_host } from '../environment/add-host.js';
import { loadAlua } from '../environment/alua/handler.js';
import { change_group } from '../environment/hardware/set-groups.js';
import { attach, lioPaths, type Attached } from '../testing/arrays.js';
import {
  headDisk,
  messages,
  mpathRun,
  libraryHead,
  onlyHead,
  pathDisk,
  type MpathRun,
  type MpathWorld,
} from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';
import { v3TemplateParts, type TemplateParts } from './parts.js';
import { templatePartsWith } from './remedies.js';

/** A path in each group, with what the array says of it, as the handler learns with a rescan. */
function* attachGroups(
  { core }: MpathWorld,
  groups: readonly { readonly state: number; readonly preferred: boolean }[],
): Steps<readonly Attached[]> {
  loadAlua(core);
  const paths: Attached[] = [];
  for (const nexus of lioPaths(groups.map(() => 0))) paths.push(yield* attach(core, nexus));
  yield* settle();
  for (const [i, group] of groups.entries()) {
    const { sdev } = paths[i] ?? {};
    if (sdev === undefined) throw new Error('no path');
    // The handler takes the bit over together with a new state only.
    for (const change of [{ state: group.state === 0 ? 1 : 0 }, group]) {
      yield* change_group(sdev.nexus.unit, i + 1, change);
      yield* sysfs_write(sdev.sdev_gendev.kobj, 'rescan', '1');
      // The first command meets a unit attention; its retry waits for a timer, which settle() does not.
      yield* msleep(100);
    }
  }
  return paths;
}

interface Seen {
  readonly bytes: readonly number[];
  readonly result: string | undefined;
  /** Nodes on which each path is the chosen one. */
  readonly nodes: readonly (string | number)[];
  readonly parked: number;
}

/** One read after the choices were forgotten; `undefined` while it waits. */
const readWith = (
  groups: readonly { readonly state: number; readonly preferred: boolean }[],
  parts: TemplateParts,
): MpathRun<Seen> =>
  mpathRun(
    function* (world) {
      const paths = yield* attachGroups(world, groups);
      const head = onlyHead(world);
      yield* sysfs_write(head.dev.kobj, 'iopolicy', 'numa\n');
      const read: { result?: string } = {};
      const disk = headDisk(world);
      currentMachine().spawn('reader', function* () {
        read.result = (yield* transferDisk(disk)).result;
      });
      yield* settle();
      const nodes: (string | number)[] = [];
      for (const { sdev } of paths) nodes.push(yield* sysfs_read(pathDisk(sdev).device.kobj, 'mpath_numa_nodes'));
      const bytes = paths.map(({ sdev }) => sdev.access_state);
      const parked = libraryHead(world).requeue_no_usable_path_cnt.counter;
      const { result } = read;
      for (const { shost } of paths) yield* scsi_remove_host(shost);
      return { bytes, result, nodes, parked };
    },
    { parts },
  );

const optimal = { state: 0, preferred: false };
const preferred = { state: 0, preferred: true };
const nonOptimized = { state: 1, preferred: false };
const masked = templatePartsWith(['access-state-masked']);

describe('the preferred bit (R-11)', () => {
  it('takes the best path out of the choice on v3, and not with the remedy', () => {
    const groups = [preferred, nonOptimized];
    const v3 = readWith(groups, v3TemplateParts);
    expect(v3.value).toEqual({ bytes: [0x80, 0x01], result: 'ok', nodes: ['\n', '0\n'], parked: 0 });
    const remedied = readWith(groups, masked);
    expect(remedied.value).toEqual({ bytes: [0x80, 0x01], result: 'ok', nodes: ['0\n', '\n'], parked: 0 });
    expect([...messages(v3.reports), ...messages(remedied.reports)]).toEqual([]);
  });

  it('parks every read on v3 when all paths have it, until the paths are gone', () => {
    const v3 = readWith([preferred, preferred], v3TemplateParts);
    expect(v3.value).toMatchObject({ bytes: [0x80, 0x80], result: undefined, nodes: ['\n', '\n'], parked: 1 });
    expect(v3.log).toContain('scsi_mpath_disk scsi_mpath_disk0: no usable path - requeuing I/O');
    expect(readWith([preferred, preferred], masked).value).toMatchObject({ result: 'ok', nodes: ['0\n', '\n'] });
  });

  it('without it: a non-optimized path counts as optimized for the choice, by order alone', () => {
    expect(readWith([nonOptimized, optimal], v3TemplateParts).value).toMatchObject({
      bytes: [0x01, 0x00],
      nodes: ['0\n', '\n'],
    });
  });
});

describe('access states', () => {
  const states = [0, 1, 2, 3, 4, 0xe, 0xf];
  const modelled = [...states, ...states.map((state) => state | 0x80)];

  it.each([
    ['v3', v3TemplateParts, [0x00, 0x01]],
    ['the remedy', masked, [0x00, 0x01, 0x80, 0x81]],
  ] as const)('enabled on %s', (_name, parts, enabled) => {
    const { value } = mpathRun(
      function* (world) {
        const [path] = yield* attachGroups(world, [optimal]);
        if (path === undefined) throw new Error('no path');
        const [dev] = [libraryHead(world).current_path[0]];
        const { mpdt } = libraryHead(world);
        if (dev === null || dev === undefined || mpdt === null) throw new Error('nothing is chosen');
        const found = { enabled: [] as number[], optimized: [] as number[], available: 0 };
        for (const byte of modelled) {
          path.sdev.access_state = byte;
          if (!(yield* mpdt.is_disabled(dev))) found.enabled.push(byte);
          if (yield* mpdt.is_optimized(dev)) found.optimized.push(byte);
          if (yield* mpdt.available_path(dev)) found.available++;
        }
        path.sdev.access_state = 0;
        yield* scsi_remove_host(path.shost);
        return found;
      },
      { parts },
    );
    expect(value.enabled).toEqual(enabled);
    expect(value.optimized).toEqual(enabled.filter((byte) => (byte & 0xf) === 0));
    expect(value.available).toBe(modelled.length);
  });
});
