// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  blkdev_ioctl,
  currentMachine,
  dataRace,
  filp_open,
  fput,
  list_entries,
  REQ_OP_READ,
  settle,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  sysfs_read,
  vfs_ioctl,
  type file,
  type MachineEvent,
  type Steps,
  type TakenStep,
} from '@libmultipath/driver-kit';
import { nvmeBattery } from '../../battery/port.js';
import { NVME_ANA_INACCESSIBLE, NVME_ANA_NONOPTIMIZED } from '../../environment/constants.js';
import { madeOf } from '../../environment/registry.js';
import { modelAttach } from '../../model/controllers.js';
import { findHead } from '../../model/disks.js';
import { setAnaState } from '../../model/path-verbs.js';
import { modelSetIopolicy } from '../../model/policy.js';
import { SECTORS_PER_BLOCK, transfer } from '../../model/transfer.js';
import { slotOf, type NvmeModelWorld } from '../../model/world.js';
import { NVME_IOCTL_ADMIN_CMD } from '../../passthrough/numbers.js';
import { nvmeTopology } from '../../topology.js';
import { cdevNumber } from '../testing/cdev.js';
import { attach, detach, heldUp, reportsOf, run, type Profile } from '../testing/user.js';

/** A way to show what a remedy removes. */
export interface RemedyShape {
  /** What shows without it, sorted. */
  readonly finds: readonly string[];
  /** What shows on a model. */
  readonly found: (profile: Profile) => ReadonlySet<string>;
}

/** Opens the head's character device. */
function* openCdev(world: NvmeModelWorld): Steps<file> {
  const opened = yield* filp_open(cdevNumber(world));
  if (typeof opened === 'number') throw new Error(`open: ${String(opened)}`);
  return opened;
}

/** Two controllers of a target with ANA; the second says that its group is inaccessible. */
const withAna = nvmeTopology.parse({ transport: 'tcp', controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });

/** The first controller serves; reads go on while the second comes. @returns where they went */
function* readsWhileComing(world: NvmeModelWorld): Steps<string[]> {
  slotOf(world, 'c1').target?.groups.set(1, NVME_ANA_INACCESSIBLE);
  yield* attach(world, 'c0');
  yield* modelSetIopolicy(world, { policy: 'round-robin' });
  const head = findHead(world);
  if (head === undefined) throw new Error('there is no head');
  yield* modelAttach(world, { controllers: ['c1'] });
  const paths: string[] = [];
  for (let sector = 0; sector < 4 * SECTORS_PER_BLOCK; sector += SECTORS_PER_BLOCK) {
    const { remaps } = yield* transfer(world, head, REQ_OP_READ, sector);
    paths.push(...remaps.map(({ to }) => to));
  }
  return paths;
}

/** The state of the remembered path changes; a read looks at it before or after. @returns pairs that nothing orders */
const stateStoredUnderReader = (profile: Profile): string[] => {
  const taken: TakenStep[] = [];
  const onEvent = ({ task, step }: MachineEvent): void => {
    if (step.field === 'ana_state') taken.push({ task: task.name, step });
  };
  run(
    profile,
    function* (world) {
      yield* attach(world, 'c0');
      const head = findHead(world);
      if (head === undefined) throw new Error('there is no head');
      yield* transfer(world, head, REQ_OP_READ, 0);
      yield* transfer(world, head, REQ_OP_READ, 0);
      yield* setAnaState(world, 'c0', 1, NVME_ANA_NONOPTIMIZED);
      yield* settle([]);
    },
    { topology: withAna, options: { onEvent } },
  );
  return taken.flatMap((one) =>
    taken.flatMap((other) => {
      const race = other.task === one.task ? undefined : dataRace(one, other);
      return race === undefined || race.tolerated !== undefined ? [] : [race.report.message];
    }),
  );
};

export const remedyShapes: Readonly<Record<string, RemedyShape>> = {
  'diag-attributes-find-head': {
    finds: ['io_fail_no_available_path_count is no number', 'io_requeue_no_usable_path_count is no number'],
    found: (profile) => {
      const { value } = run(profile, function* (world) {
        yield* attach(world, 'c0');
        const kobj = findHead(world)?.device.kobj;
        if (kobj === undefined) throw new Error('there is no head');
        const wrong: string[] = [];
        for (const name of ['io_requeue_no_usable_path_count', 'io_fail_no_available_path_count']) {
          if ((yield* sysfs_read(kobj, `diag/${name}`)) !== '0\n') wrong.push(`${name} is no number`);
        }
        return wrong;
      });
      return new Set(value);
    },
  },
  'cdev-device-holds-head': {
    finds: ['KASAN: slab-use-after-free in cdev_default_release', 'KASAN: slab-use-after-free in cdev_put'],
    found: (profile) =>
      reportsOf(
        heldUp(
          profile,
          function* (world) {
            yield* attach(world, 'c0');
            const opened = yield* openCdev(world);
            currentMachine().spawn('remover', () => detach(world, 'c0'));
            yield* settle();
            currentMachine().spawn('closer', () => fput(opened));
          },
          'closer',
        ),
      ),
  },
  'ioctl-holds-path': {
    finds: ['KASAN: slab-use-after-free in _nvme_ns_chr_ioctl', 'KASAN: slab-use-after-free in mpath_bdev_ioctl'],
    found: (profile) => {
      const on = (ioctl: (world: NvmeModelWorld) => Steps<() => Steps<unknown>>): ReadonlySet<string> =>
        reportsOf(
          heldUp(
            profile,
            function* (world) {
              yield* attach(world, 'c0', 'c1');
              const call = yield* ioctl(world);
              currentMachine().spawn('ioctl', function* () {
                yield* call();
              });
              yield* detach(world, 'c0');
            },
            'ioctl',
          ),
        );
      const identify = { opcode: 0x06, cdw10: 1 };
      const cdev = on(function* (world) {
        const opened = yield* openCdev(world);
        return function* () {
          yield* vfs_ioctl(opened, NVME_IOCTL_ADMIN_CMD, identify);
          yield* fput(opened);
        };
      });
      const bdev = on(function* (world) {
        const head = findHead(world);
        if (head === undefined) throw new Error('there is no head');
        yield* settle([]);
        return () => blkdev_ioctl(head, NVME_IOCTL_ADMIN_CMD, identify);
      });
      return new Set([...cdev, ...bdev]);
    },
  },
  'access-state-starts-as-other': {
    finds: ['a read goes to an inaccessible path'],
    found: (profile) => {
      const runs = heldUp(profile, readsWhileComing, 'kworker/nvme_ctrl#2.nvme_scan_work', withAna);
      const wrong = runs.some(({ value }) => value?.includes('c1'));
      return new Set(wrong ? ['a read goes to an inaccessible path'] : []);
    },
  },
  'number-goes-with-head': {
    finds: ['the next head takes the name of one that is still open'],
    found: (profile) => {
      const { value } = run(profile, function* (world) {
        yield* attach(world, 'c0');
        const head = findHead(world);
        if (head === undefined) throw new Error('there is no head');
        yield* bdev_open(head);
        // On v3 the removal waits for the opener.
        currentMachine().spawn('remover', () => detach(world, 'c0'));
        yield* settle([]);
        yield* attach(world, 'c1');
        return findHead(world)?.disk_name === head.disk_name;
      });
      return new Set(value === true ? ['the next head takes the name of one that is still open'] : []);
    },
  },
  'failed-probe-is-a-removal': {
    finds: ['the disk that was told to wait is found by nobody', 'the path is freed under a reader'],
    found: (profile) => {
      const inWindow = run(profile, function* (world) {
        yield* attach(world, 'c0');
        yield* nvmeBattery.setDelayedRemoval?.(world, 5) ?? [];
        yield* detach(world, 'c0');
        yield* nvmeBattery.failProbe?.(world, 1) ?? [];
        const listed = list_entries(world.core.nvme_subsystems).flatMap(({ nsheads }) => list_entries(nsheads));
        return listed.length === 0 ? ['the disk that was told to wait is found by nobody'] : [];
      });
      const underReader = run(profile, function* (world) {
        yield* attach(world, 'c0');
        const srcu: unknown = Reflect.get(nvmeBattery.heads(world)[0]?.object ?? {}, 'srcu');
        if (!(srcu instanceof srcu_struct)) throw new Error('there is no head');
        const idx = yield* srcu_read_lock(srcu);
        currentMachine().spawn('prober', () => nvmeBattery.failProbe?.(world, 1) ?? settle([]));
        yield* settle([]);
        const gone = madeOf(world.core).paths.some(({ alloc }) => alloc.freed);
        yield* srcu_read_unlock(srcu, idx);
        return gone ? ['the path is freed under a reader'] : [];
      });
      return new Set([...(inWindow.value ?? []), ...(underReader.value ?? [])]);
    },
  },
  'ana-state-is-marked': {
    finds: [
      'BUG: KCSAN: data-race in nvme_mpath_is_optimized / nvme_update_ns_ana_state',
      'BUG: KCSAN: data-race in nvme_update_ns_ana_state / nvme_update_ns_ana_state',
    ],
    found: (profile) => new Set(stateStoredUnderReader(profile)),
  },
  'splice-waits-for-srcu-readers': {
    finds: ['watchdog: BUG: soft lockup - CPU#0 stuck: the walk left the list of nvme_ctrl#1.list_head'],
    found: (profile) =>
      reportsOf(
        heldUp(
          profile,
          function* (world) {
            yield* attach(world, 'c0', 'c1');
            currentMachine().spawn('walker', function* () {
              yield* nvmeBattery.setPolicy?.(world, 'round-robin') ?? settle([]);
            });
            yield* detach(world, 'c0');
          },
          'walker',
        ),
      ),
  },
};
