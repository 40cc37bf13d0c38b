// SPDX-License-Identifier: GPL-2.0-only
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bio, BLK_STS_OK, kfn, Machine, submit_bio, virtualTime, type gendisk, type Steps } from '@libmultipath/kernel';
import { MPATH_IOPOLICY_NUMA, MPATH_IOPOLICY_QD, MPATH_IOPOLICY_RR, type mpath_iopolicy_e } from '../src/constants.js';
import { makeLiveHead, usable } from '../src/testing/toy-driver.js';

/*
 * Bios a second through four live paths of the smallest driver, whose disks complete each bio at once: the
 * whole way from submit_bio() to the end of the bio, in virtual time, with all reports on. The policies take
 * turns in small parts, so that a busy machine shows in the median and less in the best.
 *
 * bios.ts [BIOS]: of each policy, default 1,000,000.
 */
const BIOS = Number(process.argv[2] ?? 1_000_000);
const PARTS = 20;
const PATHS = [usable, usable, usable, usable];

/** How many bios ended well. */
class Ended {
  ok = 0;
}

/* One function for all, as a driver has: a generator function made anew for each bio costs more than the bio. */
function* end_bio({ bi_status, bi_private }: bio): Steps<void> {
  if (bi_status === BLK_STS_OK && bi_private instanceof Ended) bi_private.ok++;
}

const submitter = kfn('bench_submitter', function* (disk: gendisk, count: number, ended: Ended): Steps<void> {
  for (let n = 0; n < count; n++) {
    yield* submit_bio(new bio({ bi_bdev: disk.part0, bi_end_io: end_bio, bi_private: ended }));
  }
});

// The launcher starts benchmarks without flags; this is the flag given late.
setFlagsFromString('--expose-gc');
// What the flag adds is a function without parameters.
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after a collection. */
const heapBytes = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

/** One policy on a machine of its own. */
class Contest {
  readonly rates: number[] = [];
  readonly heaps: number[] = [];
  private readonly machine = new Machine({ maxSteps: Number.MAX_SAFE_INTEGER });
  private readonly ended = new Ended();
  private readonly disk: gendisk;
  private submitted = 0;
  private stepsBefore: number;

  constructor(
    readonly name: string,
    policy: mpath_iopolicy_e,
    /** Bios a second. */
    readonly goal: number,
  ) {
    let disk: gendisk | undefined;
    this.machine.spawn('make', function* () {
      ({ disk } = yield* makeLiveHead(PATHS, policy));
    });
    this.machine.run(virtualTime());
    if (disk === undefined) throw new Error('the head was not made');
    this.disk = disk;
    this.go(BIOS / PARTS);
    this.submitted = this.ended.ok = 0;
    this.stepsBefore = this.machine.steps;
  }

  /** Submits so many, one after the other. @returns seconds that it took */
  private go(count: number): number {
    const { machine, disk, ended } = this;
    machine.spawn(`submitter${String(machine.tasks.length)}`, () => submitter(disk, count, ended));
    const start = process.hrtime.bigint();
    machine.run(virtualTime());
    this.submitted += count;
    return Number(process.hrtime.bigint() - start) / 1e9;
  }

  part(): void {
    const count = BIOS / PARTS;
    this.rates.push(count / this.go(count));
  }

  /**
   * Looks at the heap. Seldom: a full collection makes the engine throw away compiled code that refers
   * to what has died (`--trace-deopt`: weak objects), and the next part measures the compiler.
   */
  weigh(): void {
    this.heaps.push(heapBytes());
  }

  line(): string {
    const { machine, ended, submitted } = this;
    const [report] = machine.reports;
    if (report !== undefined) throw new Error(report.message);
    if (ended.ok !== submitted) throw new Error(`${String(ended.ok)} of ${String(submitted)} bios ended well`);
    const sorted = this.rates.toSorted((a, b) => b - a);
    const [best = 0, median = 0] = [sorted[0], sorted[sorted.length >> 1]];
    const stepsPerBio = (machine.steps - this.stepsBefore) / submitted;
    const millions = (rate: number): string => (rate / 1e6).toFixed(3);
    return (
      `${this.name.padEnd(12)} best ${millions(best)}, median ${millions(median)} M bios/s ` +
      `(goal ${String(this.goal / 1e6)}: ${best >= this.goal ? 'met' : 'missed'} at best), ` +
      `${stepsPerBio.toFixed(2)} steps per bio, at best ${((best * stepsPerBio) / 1e6).toFixed(2)} M steps/s\n`
    );
  }
}

const contests = [
  new Contest('numa', MPATH_IOPOLICY_NUMA, 300_000),
  new Contest('round-robin', MPATH_IOPOLICY_RR, 200_000),
  new Contest('queue-depth', MPATH_IOPOLICY_QD, 120_000),
];

function* leaf(): Generator<number, number, void> {
  yield 1;
  return 1;
}

function* middle(): Generator<number, number, void> {
  return yield* leaf();
}

function* outer(): Generator<number, number, void> {
  return yield* middle();
}

function* bare(steps: number): Generator<number, void, void> {
  for (let n = 0; n < steps; n++) yield* outer();
}

const BARE_STEPS = 500_000;

/** What this machine can do just now: steps a second of bare generators, four deep. */
const bareRate = (): number => {
  const loop = bare(BARE_STEPS);
  const start = process.hrtime.bigint();
  while (loop.next().done !== true);
  return BARE_STEPS / (Number(process.hrtime.bigint() - start) / 1e9);
};

const bareRates: number[] = [];
for (let part = 0; part < PARTS; part++) {
  bareRates.push(bareRate());
  for (const contest of contests) contest.part();
  if (part === 0) for (const contest of contests) contest.weigh();
}
for (const contest of contests) contest.weigh();
const sortedBare = bareRates.toSorted((a, b) => b - a);
const [bareBest = 0, bareMedian = 0] = [sortedBare[0], sortedBare[sortedBare.length >> 1]];
process.stdout.write(
  `bare generators, four deep: best ${(bareBest / 1e6).toFixed(2)}, median ${(bareMedian / 1e6).toFixed(2)} M steps/s\n`,
);
for (const contest of contests) process.stdout.write(contest.line());

const heaps = contests.flatMap(({ heaps: all }) => all);
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
const [first = 0, last = 0] = [contests.at(-1)?.heaps[0], contests.at(-1)?.heaps.at(-1)];
process.stdout.write(
  `heap in use after a collection: ` +
    `${kib(first)} after the first of ${String(PARTS)} parts, ${kib(last)} after the last, at most ${kib(Math.max(...heaps))}\n`,
);
