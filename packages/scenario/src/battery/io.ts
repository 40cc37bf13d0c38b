// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  bio,
  BLK_STS_OK,
  blkdev_ioctl,
  currentMachine,
  filp_open,
  fput,
  get_capacity,
  makeStep,
  nothing,
  REQ_OP_READ,
  REQ_OP_WRITE,
  StepTraits,
  submit_bio,
  vfs_ioctl,
  type BioFields,
  type Steps,
} from '@libmultipath/kernel';
import { z } from 'zod';
import { fileRef, label, noArgs, type BatteryAction } from './action.js';
import { battery_file, type BatteryWorld, type SubmittedBio } from './world.js';

const SECTORS_PER_BLOCK = 8;
const BLOCK_BYTES = 4_096;

/** Undefined: its open failed, as it may. */
const fileOf = ({ run }: BatteryWorld, name: string): battery_file | undefined => run.files.get(name);

/** Bios of one file come and go in any order; only who waits for the last of them looks. */
const BOOKED = new StepTraits({ ordering: 'full', tells: nothing });

function* begins(file: battery_file): Steps<void> {
  yield makeStep('bio_begins', file, 'pending', 'add', BOOKED);
  file.pending++;
}

function* ended(file: battery_file): Steps<void> {
  yield makeStep('bio_ended', file, 'pending', 'leave', BOOKED);
  file.pending--;
}

/** Submits one block as a user does who does not wait (io_submit(2)): its end is told to the file. */
function* submitBlock(world: BatteryWorld, file: battery_file, block: number, data: string): Steps<SubmittedBio> {
  const { port, run } = world;
  if (file.disk === null) throw new Error('bios are submitted through an open disk');
  const fields: BioFields = {
    bi_opf: data === '' ? REQ_OP_READ : REQ_OP_WRITE,
    bi_bdev: file.disk.part0,
    bi_sector: block * SECTORS_PER_BLOCK,
    bi_size: BLOCK_BYTES,
    bi_end_io: () => ended(file),
  };
  yield* begins(file);
  const what = port.newBio?.(fields, data) ?? new bio(fields);
  const submitted: SubmittedBio = { what, block, data };
  run.bios.add(submitted);
  yield* submit_bio(what);
  return submitted;
}

/** Waits for the bios that went through the file. */
function* drained(file: battery_file): Steps<void> {
  yield makeStep('wait_for_bios', file, 'pending', 'await', { enabled: () => file.pending === 0, tells: nothing });
}

/** Closes after what is in flight has ended: a kernel keeps the file for each of its bios. */
export function* closeFile(file: battery_file): Steps<void> {
  if (file.closed) return;
  yield* drained(file);
  file.closed = true;
  if (file.disk !== null) yield* bdev_release(file.disk);
  if (file.chr !== null) yield* fput(file.chr);
}

export const open: BatteryAction<string> = {
  doc: 'Opens the head’s disk under a label; nothing where there is none.',
  example: 'open: a',
  args: label,
  binds: (name) => [fileRef(name)],
  *run({ run }, name) {
    const { disk } = run;
    if (disk !== null && (yield* bdev_open(disk)) === 0) run.files.set(name, new battery_file(disk, null));
  },
};

export const openCdev: BatteryAction<string> = {
  doc: 'Opens the head’s char device under a label; nothing where there is none.',
  example: 'open-cdev: c',
  args: label,
  needs: () => ['cdevIoctl'],
  binds: (name) => [fileRef(name)],
  *run({ run }, name) {
    if (run.devt === 0) return;
    const opened = yield* filp_open(run.devt);
    if (typeof opened !== 'number') run.files.set(name, new battery_file(null, opened));
  },
};

export const close: BatteryAction<string> = {
  doc: 'Closes a file when its bios have ended.',
  example: 'close: a',
  args: label,
  refers: (name) => [fileRef(name)],
  *run(world, name) {
    const file = fileOf(world, name);
    if (file !== undefined) yield* closeFile(file);
  },
};

/** `submit: { through: a, block: 1, count: 2, read: true }`. */
const submitArgs = z.union([
  label.transform((through) => ({ through, block: 0, count: 1, read: false })),
  z.strictObject({
    through: label,
    block: z.int().min(0).max(63).default(0),
    count: z.int().min(1).max(4).default(1),
    read: z.boolean().default(false),
  }),
]);

export const submit: BatteryAction<z.infer<typeof submitArgs>> = {
  doc: 'Submits bios of one block each, writes unless said, one after the other and without waiting for their end.',
  example: 'submit: { through: a, block: 0, count: 1 }',
  args: submitArgs,
  refers: ({ through }) => [fileRef(through)],
  *run(world, { through, block, count, read }) {
    const file = fileOf(world, through);
    if (file === undefined) return;
    for (let at = block; at < block + count; at++) {
      yield* submitBlock(world, file, at, read ? '' : `${through} ${String(at)}`);
    }
  },
};

/** By block, in order: what may stand there. Of two writes of one block that both ended well either may be the last. */
const writtenBlocks = (bios: ReadonlySet<SubmittedBio>): [number, string[]][] => {
  const written = new Map<number, Set<string>>();
  for (const { what, block, data } of bios) {
    if (data === '' || !what.completed || what.bi_status !== BLK_STS_OK) continue;
    written.set(block, (written.get(block) ?? new Set<string>()).add(data));
  }
  return [...written].sort(([a], [b]) => a - b).map(([block, data]) => [block, [...data].sort()]);
};

export const readBack: BatteryAction<string> = {
  doc: 'Reads every block back that was written without an error, while a path is usable, and compares.',
  example: 'read-back: a',
  args: label,
  needs: () => ['dataOf', 'newBio'],
  refers: (name) => [fileRef(name)],
  *run(world, name) {
    const file = fileOf(world, name);
    const { port, run } = world;
    if (file?.disk === undefined || file.disk === null) return;
    yield* drained(file);
    const written = writtenBlocks(run.bios);
    const capacity = yield* get_capacity(file.disk);
    for (const [block, data] of written) {
      if (block * SECTORS_PER_BLOCK >= capacity) continue;
      const { what } = yield* submitBlock(world, file, block, '');
      yield* drained(file);
      const found = port.dataOf?.(what);
      if (what.bi_status !== BLK_STS_OK || (found !== undefined && data.includes(found))) continue;
      const message = `data loss: block ${String(block)} was written with "${data.join('" or "')}" and reads "${String(found)}"`;
      currentMachine().report('data-loss', message, what);
    }
  },
};

export const ioctl: BatteryAction<string> = {
  doc: 'Ioctl on an open disk or char device that the driver passes to a path.',
  example: 'ioctl: c',
  args: label,
  needs: () => ['diskIoctl'],
  refers: (name) => [fileRef(name)],
  *run(world, name) {
    const file = fileOf(world, name);
    const { diskIoctl, cdevIoctl } = world.port;
    if (file?.disk !== undefined && file.disk !== null && diskIoctl !== undefined) {
      yield* blkdev_ioctl(file.disk, diskIoctl.cmd, diskIoctl.arg);
    }
    if (file?.chr !== undefined && file.chr !== null && cdevIoctl !== undefined) {
      yield* vfs_ioctl(file.chr, cdevIoctl.cmd, cdevIoctl.arg);
    }
  },
};

export const rest: BatteryAction<unknown> = {
  doc: 'Does nothing: all comes to rest before the next entry.',
  example: 'rest',
  args: noArgs,
  *run() {},
};
