// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_UID_EUI64,
  BLK_UID_NAA,
  BLKREPORTZONE,
  BLKRRPART,
  blkdev_ioctl,
  CAP_SYS_ADMIN,
  CAP_SYS_RAWIO,
  complete,
  completion,
  currentMachine,
  disk_get_unique_id,
  E,
  filp_open,
  FMODE_READ,
  FMODE_WRITE,
  fput,
  HDIO_GETGEO,
  IOC_PR_CLEAR,
  IOC_PR_READ_KEYS,
  IOC_PR_READ_RESERVATION,
  IOC_PR_REGISTER,
  IOC_PR_RELEASE,
  IOC_PR_RESERVE,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  vfs_ioctl,
  wait_for_completion,
  withoutCapabilities,
  type capability,
  type file,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import {
  NVME_SC_CMD_SEQ_ERROR,
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_READ_ERROR,
  NVME_STATUS_DNR,
} from '../environment/constants.js';
import { findHead, findPaths } from '../model/disks.js';
import { modelSetDelayedRemoval } from '../model/head.js';
import { modelSetIopolicy } from '../model/policy.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import {
  NVME_IOCTL_ADMIN_CMD,
  NVME_IOCTL_ID,
  NVME_IOCTL_IO64_CMD,
  NVME_IOCTL_IO_CMD,
  NVME_IOCTL_SUBMIT_IO,
  NVME_URING_CMD_IO,
  nvme_cmd_read,
  nvme_cmd_write,
} from '../passthrough/numbers.js';
import { PR_STS_IOERR, PR_STS_PATH_FAILED, PR_STS_RESERVATION_CONFLICT } from '../passthrough/pr.js';
import { cdevNumber } from './testing/cdev.js';
import { attach, detach, revision, use } from './testing/user.js';

const conversions = ['v1', 'v2', 'v3', 'fixed'].map(revision);

/** The head of two live paths. */
function* head(world: NvmeModelWorld): Steps<gendisk> {
  yield* attach(world, 'c0', 'c1');
  const disk = findHead(world);
  if (disk === undefined) throw new Error('there is no head');
  return disk;
}

function* open(world: NvmeModelWorld, mode: number = FMODE_READ | FMODE_WRITE): Steps<file> {
  const opened = yield* filp_open(cdevNumber(world), mode);
  if (typeof opened === 'number') throw new Error(`open: ${String(opened)}`);
  return opened;
}

/** The body as a user with fewer rights. */
function* asUser<T>(capabilities: ReadonlySet<capability>, body: () => Steps<T>): Steps<T> {
  const done = new completion();
  const results: T[] = [];
  currentMachine().spawn(
    'somebody',
    function* () {
      results.push(yield* body());
      yield* complete(done);
    },
    { capabilities },
  );
  yield* wait_for_completion(done);
  const [result] = results;
  if (result === undefined) throw new Error('nothing came of it');
  return result;
}

const readBlock = { opcode: nvme_cmd_read, nsid: 1, cdw10: 8 };
const writeBlock = { opcode: nvme_cmd_write, nsid: 1, cdw10: 8, data: 'passed through' };

describe.each(conversions)('passthrough over $name', (profile) => {
  it('reaches a path from both devices of the head', () => {
    const [ids, written, found, wrong] = use(profile, function* (world) {
      const disk = yield* head(world);
      const cdev = yield* open(world);
      const ids = [yield* blkdev_ioctl(disk, NVME_IOCTL_ID, 0), yield* vfs_ioctl(cdev, NVME_IOCTL_ID, 0)];
      const written = yield* vfs_ioctl(cdev, NVME_IOCTL_IO_CMD, writeBlock);
      const found = { opcode: nvme_cmd_read, slba: 8, data: '' };
      const read = yield* blkdev_ioctl(disk, NVME_IOCTL_SUBMIT_IO, found);
      const wrong = [
        yield* blkdev_ioctl(disk, 0x1234, 0),
        yield* vfs_ioctl(cdev, NVME_IOCTL_IO_CMD, null),
        yield* vfs_ioctl(cdev, NVME_IOCTL_IO_CMD, { ...readBlock, nsid: 2 }),
        yield* vfs_ioctl(cdev, NVME_IOCTL_IO_CMD, { ...readBlock, flags: 1 }),
        yield* vfs_ioctl(cdev, NVME_IOCTL_SUBMIT_IO, { opcode: 0x0c }),
      ];
      yield* fput(cdev);
      return [ids, [written, read], found.data, wrong] as const;
    });
    expect([ids, written, found]).toEqual([[1, 1], [0, 0], 'passed through']);
    expect(wrong).toEqual([-E.ENOTTY, -E.EFAULT, -E.EINVAL, -E.EINVAL, -E.EINVAL]);
  });

  it('never fails over: what the path says is the answer', () => {
    const seen = use(profile, function* (world) {
      const disk = yield* head(world);
      yield* modelSetIopolicy(world, { policy: 'queue-depth' });
      slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_HOST_PATH_ERROR);
      const status = yield* blkdev_ioctl(disk, NVME_IOCTL_IO_CMD, readBlock);
      return [status, findPaths(world).map(({ ns }) => [ns.failover.counter, ns.ctrl.nr_active.counter])];
    });
    expect(seen).toEqual([
      NVME_SC_HOST_PATH_ERROR,
      [
        [0, 0],
        [0, 0],
      ],
    ]);
  });

  it('asks for rights by command, and by how the device was opened', () => {
    const seen = use(profile, function* (world) {
      yield* head(world);
      const [reader, writer] = [yield* open(world, FMODE_READ), yield* open(world)];
      const results = yield* asUser(withoutCapabilities(CAP_SYS_ADMIN, CAP_SYS_RAWIO), function* () {
        return [
          yield* vfs_ioctl(reader, NVME_IOCTL_IO_CMD, { ...readBlock }),
          yield* vfs_ioctl(reader, NVME_IOCTL_IO_CMD, { ...writeBlock }),
          yield* vfs_ioctl(writer, NVME_IOCTL_IO_CMD, { ...writeBlock }),
          yield* vfs_ioctl(writer, NVME_IOCTL_IO_CMD, { ...writeBlock, opcode: 0x81 }),
          yield* vfs_ioctl(writer, NVME_IOCTL_ADMIN_CMD, { opcode: 0x06, cdw10: 1 }),
          yield* vfs_ioctl(writer, NVME_IOCTL_ADMIN_CMD, { opcode: 0x0c }),
        ];
      });
      // Since 7.2 not even the administrator sets what the driver manages.
      results.push(yield* vfs_ioctl(writer, NVME_IOCTL_ADMIN_CMD, { opcode: 0x09, cdw10: 0x07 }));
      yield* fput(reader);
      yield* fput(writer);
      return results;
    });
    // Before, the device is asked, and says that it comes too late.
    const late = NVME_SC_CMD_SEQ_ERROR | NVME_STATUS_DNR;
    const kept = profile.features.has('passthrough-counts') ? -E.EACCES : late;
    expect(seen).toEqual([0, -E.EACCES, 0, -E.EACCES, 0, -E.EACCES, kept]);
  });

  it('is refused without a path, and does not wait for one', () => {
    const seen = use(profile, function* (world) {
      const disk = yield* head(world);
      const cdev = yield* open(world);
      yield* modelSetDelayedRemoval(world, { seconds: 60 });
      yield* detach(world, 'c0', 'c1');
      const results = [
        yield* blkdev_ioctl(disk, NVME_IOCTL_ID, 0),
        yield* vfs_ioctl(cdev, NVME_IOCTL_ID, 0),
        yield* blkdev_ioctl(disk, IOC_PR_REGISTER, { new_key: 1 }),
        yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(cdev, NVME_URING_CMD_IO, { ...readBlock })),
      ];
      yield* attach(world, 'c0');
      yield* fput(cdev);
      return results;
    });
    const ring = profile.name === 'v1' ? -E.EWOULDBLOCK : -E.EINVAL;
    expect(seen).toEqual([-E.EWOULDBLOCK, -E.EWOULDBLOCK, -E.EWOULDBLOCK, ring]);
  });

  it('completes the commands of a ring when the path has', () => {
    const seen = use(profile, function* (world) {
      yield* head(world);
      const cdev = yield* open(world);
      const block = { ...readBlock, data: '' };
      yield* vfs_ioctl(cdev, NVME_IOCTL_IO_CMD, writeBlock);
      const results = [yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(cdev, NVME_URING_CMD_IO, block))];
      slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_READ_ERROR);
      results.push(yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(cdev, NVME_URING_CMD_IO, { ...readBlock })));
      results.push(yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(cdev, 0x1234, { ...readBlock })));
      yield* fput(cdev);
      return [results, block.data];
    });
    expect(seen).toEqual([[0, NVME_SC_READ_ERROR, -E.ENOTTY], 'passed through']);
  });

  it('knows the reservation of the namespace by one path, and tells its errors apart', () => {
    const seen = use(profile, function* (world) {
      const disk = yield* head(world);
      const { nextStatus } = slotOf(world, 'c0').hw;
      for (const { media } of slotOf(world, 'c0').namespaces) media.hasReservations = true;
      const keys = { num_keys: 4, keys: [], generation: 0 };
      const held = { key: 0, type: 0, generation: 0 };
      const results = [
        yield* blkdev_ioctl(disk, IOC_PR_RESERVE, { key: 7, type: 1 }),
        yield* blkdev_ioctl(disk, IOC_PR_REGISTER, { new_key: 7 }),
        yield* blkdev_ioctl(disk, IOC_PR_RESERVE, { key: 7, type: 1 }),
        yield* blkdev_ioctl(disk, IOC_PR_READ_KEYS, keys),
        yield* blkdev_ioctl(disk, IOC_PR_READ_RESERVATION, held),
        yield* blkdev_ioctl(disk, IOC_PR_RELEASE, { key: 7, type: 2 }),
        yield* blkdev_ioctl(disk, IOC_PR_RELEASE, { key: 7, type: 1 }),
      ];
      nextStatus.push(NVME_SC_HOST_PATH_ERROR, NVME_SC_READ_ERROR);
      results.push(yield* blkdev_ioctl(disk, IOC_PR_CLEAR, { key: 7 }));
      results.push(yield* blkdev_ioctl(disk, IOC_PR_CLEAR, { key: 7 }));
      results.push(yield* blkdev_ioctl(disk, IOC_PR_CLEAR, { key: 7 }));
      return [results, keys, held];
    });
    expect(seen).toEqual([
      [PR_STS_RESERVATION_CONFLICT, 0, 0, 0, 0, -E.EINVAL, 0, PR_STS_PATH_FAILED, PR_STS_IOERR, 0],
      { num_keys: 1, keys: [7], generation: 1 },
      { key: 7, type: 1, generation: 1 },
    ]);
  });

  it('asks a path for geometry, identifier and zones', () => {
    const seen = use(profile, function* (world) {
      const disk = yield* head(world);
      const geometry = {};
      const id: number[] = [];
      const results = [
        yield* blkdev_ioctl(disk, HDIO_GETGEO, geometry),
        yield* disk_get_unique_id(disk, id, BLK_UID_EUI64),
        yield* disk_get_unique_id(disk, id, BLK_UID_NAA),
        yield* blkdev_ioctl(disk, BLKREPORTZONE, { sector: 0, nr_zones: 2 }),
      ];
      const [path] = findPaths(world);
      if (path?.ns.head !== undefined && path.ns.head !== null) {
        path.ns.head.ids = { uuid: '', nguid: '', eui64: '0102030405060708', csi: 0 };
        path.ns.media.zoneSectors = 65_536;
      }
      disk.queue.limits = { ...disk.queue.limits, zoned: true };
      const zones = { sector: 0, nr_zones: 3 };
      results.push(yield* disk_get_unique_id(disk, id, BLK_UID_EUI64));
      results.push(yield* blkdev_ioctl(disk, BLKREPORTZONE, zones));
      return [results, geometry, id, zones];
    });
    expect(seen).toEqual([
      [0, -E.EINVAL, -E.EINVAL, -E.ENOTTY, 8, 0],
      { heads: 64, sectors: 32, cylinders: 64, start: 0 },
      [1, 2, 3, 4, 5, 6, 7, 8],
      {
        sector: 0,
        nr_zones: 2,
        zones: [
          { start: 0, len: 65_536, wp: 0 },
          { start: 65_536, len: 65_536, wp: 65_536 },
        ],
      },
    ]);
  });
});

describe('a partition of the head', () => {
  /** What an ioctl on a partition gives, to a user with these rights. */
  const onPartition = (name: string, rights: ReadonlySet<capability>): readonly number[] =>
    use(revision(name), function* (world) {
      const disk = yield* head(world);
      disk.partition_table = [{ partno: 1, start: 2_048, sectors: 2_048 }];
      yield* blkdev_ioctl(disk, BLKRRPART, 0);
      const partition = disk.part_tbl.get(1);
      if (partition === undefined) throw new Error('there is no partition');
      return yield* asUser(rights, function* () {
        return [
          yield* blkdev_ioctl(partition, NVME_IOCTL_ID, 0),
          yield* blkdev_ioctl(partition, NVME_IOCTL_IO64_CMD, { ...readBlock }),
        ];
      });
    });
  const user = withoutCapabilities(CAP_SYS_ADMIN, CAP_SYS_RAWIO);

  it('keeps an ordinary user inside on v1: the library and the driver both ask', () => {
    expect(onPartition('v1', user)).toEqual([-E.ENOTTY, -E.ENOTTY]);
    expect(onPartition('v1', withoutCapabilities(CAP_SYS_ADMIN))).toEqual([1, -E.EACCES]);
  });

  it.each(['v2', 'v3', 'fixed'])('is not told from the whole disk on %s: the path sees its own whole disk', (name) => {
    expect(onPartition(name, user)).toEqual([1, 0]);
  });
});
