// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';
import {
  bdev_open,
  bdev_release,
  BLK_STS_OK,
  complete_all,
  currentMachine,
  errno_name,
  REQ_OP_READ,
  settle,
  submit_bio,
  wait_for_completion,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { library_read } from './session.js';
import { data_bio, type library_host } from './structures.js';

const SECTOR_BYTES = 512;

/** The disk that user space finds; null: none. A user looks when everything has come to rest. */
export function* find_disk(host: library_host): Steps<gendisk | null> {
  yield* settle([]);
  const disk = host.head?.mpath_head.disk ?? null;
  return disk?.device.kobj.state_in_sysfs === true ? disk : null;
}

const readOf = ({ session }: library_host, name: string): library_read => {
  const read = session.reads.get(name);
  if (read === undefined) throw new Error(`no read is called ${name}`);
  return read;
};

function* transfer(host: library_host, read: library_read, disk: gendisk): Steps<void> {
  const { session } = host;
  const what = new data_bio({
    bi_opf: REQ_OP_READ,
    bi_bdev: disk.part0,
    bi_sector: session.sectorsUsed++ % host.media.sectors,
    bi_size: SECTOR_BYTES,
    *bi_end_io(ended) {
      read.result = ended.bi_status === BLK_STS_OK ? 'ok' : 'EIO';
      session.sent.delete(ended);
      yield* complete_all(read.ended);
    },
  });
  session.sent.set(what, read);
  yield* submit_bio(what);
}

/** Opens the disk and begins; a disk that cannot be opened is the result. */
function* begin(host: library_host, name: string): Steps<library_read> {
  const read = new library_read();
  host.session.reads.set(name, read);
  const disk = yield* find_disk(host);
  const error = disk === null ? 'ENOENT' : yield* bdev_open(disk);
  if (disk !== null && error === 0) read.opened = disk;
  else read.result = typeof error === 'string' ? error : errno_name(error);
  return read;
}

/** Reads one sector of the disk in a task of its own, and goes on. */
export function* startRead(host: library_host, name: string): Steps<void> {
  const read = yield* begin(host, name);
  const { opened } = read;
  if (opened !== null) currentMachine().spawn(`read ${name}`, () => transfer(host, read, opened));
}

export function* awaitRead(host: library_host, name: string): Steps<void> {
  const read = readOf(host, name);
  const { opened } = read;
  if (opened === null) return;
  yield* wait_for_completion(read.ended, []);
  read.opened = null;
  yield* bdev_release(opened);
}

export function* read(host: library_host, name: string): Steps<void> {
  const begun = yield* begin(host, name);
  if (begun.opened === null) return;
  yield* transfer(host, begun, begun.opened);
  yield* awaitRead(host, name);
}

export function* resultOf(host: library_host, name: string): Steps<Json> {
  yield* settle([]);
  return readOf(host, name).result;
}

export function* pathsOf(host: library_host, name: string): Steps<Json> {
  yield* settle([]);
  return [...readOf(host, name).paths];
}
