// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  bio_endio,
  blk_alloc_disk,
  BLK_STS_OK,
  blk_status_to_errno,
  complete,
  completion,
  device_add_disk,
  errno_name,
  GENHD_FL_NO_PART,
  KObject,
  Machine,
  NUMA_NO_NODE,
  REQ_OP_READ,
  set_capacity,
  submit_bio,
  virtualTime,
  wait_for_completion,
  type blk_status_t,
  type gendisk,
  type Report,
  type Steps,
} from '@libmultipath/kernel';

/** A disk whose completions a test decides. */
export class FakeDisk extends KObject {
  /** Status of the next bios, in order; after them all is well. */
  readonly next: blk_status_t[] = [];
  /** Bios that reached it. */
  seen = 0;

  constructor(readonly disk: gendisk) {
    super();
  }
}

/** A disk of 1,024 sectors. Context: may sleep. */
export function* fakeDisk(name: string): Steps<FakeDisk> {
  const disk = yield* blk_alloc_disk(NUMA_NO_NODE);
  disk.disk_name = name;
  disk.flags |= GENHD_FL_NO_PART;
  const fake = new FakeDisk(disk);
  disk.fops = {
    *submit_bio(what) {
      fake.seen++;
      what.bi_status = fake.next.shift() ?? BLK_STS_OK;
      yield* bio_endio(what);
    },
  };
  yield* set_capacity(disk, 1_024);
  yield* device_add_disk(null, disk);
  return fake;
}

/** Reads 4 KiB of a disk and waits. @returns `ok` or an errno's name */
export function* readBlock(disk: gendisk): Steps<string> {
  const done = new completion();
  const what = new bio({ bi_opf: REQ_OP_READ, bi_bdev: disk.part0, bi_size: 4_096, bi_end_io: () => complete(done) });
  yield* submit_bio(what);
  yield* wait_for_completion(done);
  const errno = blk_status_to_errno(what.bi_status);
  return errno === 0 ? 'ok' : errno_name(errno);
}

/** Runs a user task on a fresh kernel, in virtual time, until nobody has anything to do. */
export const dmRun = <T>(body: () => Steps<T>): { value: T; reports: readonly Report[]; log: readonly string[] } => {
  const machine = new Machine({ maxSteps: 50_000 });
  const found: { value: T }[] = [];
  machine.spawn('test', function* () {
    found.push({ value: yield* body() });
  });
  const end = machine.run(virtualTime());
  const [result] = found;
  if (result === undefined) throw new Error(`the task did not end (${end})`);
  return { value: result.value, reports: machine.reports, log: machine.log.map(({ text }) => text) };
};
