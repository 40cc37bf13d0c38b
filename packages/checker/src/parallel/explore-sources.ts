// SPDX-License-Identifier: GPL-2.0-only
import { checkWhole, counted } from '../bounds.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { matchCheckpoint, matchProgram } from '../checkpoint/match.js';
import { progressOf } from '../estimate/progress.js';
import { tooLarge } from '../estimate/too-large.js';
import { checkSampleOptions } from '../sampling/sample-options.js';
import { laneHere, type Lane } from './lane.js';
import { mergeStats, NO_STATS } from './merge.js';
import { receiveError } from './messages.js';
import { STALL_MS, type ParallelOptions, type ParallelResult, type SourceResult } from './parallel-options.js';
import { planOf, type SearchPlan } from './plan.js';
import type { Due, Explorable } from './explorable.js';
import { Looking } from './looking.js';
import type { ProgramSource } from './program-source.js';
import { Sourced } from './sourced.js';
import type { UnitProgress } from './work-unit.js';
import { WORKER_ENTRY, workerLane } from './worker-lane.js';

export type { ParallelOptions, ParallelProgress, ParallelResult, SourceResult } from './parallel-options.js';

/** Milliseconds that a thread has to answer once it is told to stop. */
const GRACE_MS = 1_500;
const CHECKPOINT_EVERY_MS = 60_000;

/** Hands units of many programs to lanes, until nothing is left or somebody says stop. */
class Battery {
  readonly programs: readonly Explorable[];
  private readonly began = performance.now();
  private saved = performance.now();
  private stopping = false;
  private changed = gate();
  /** For each program what became of its findings; absent: nobody makes them yet. */
  private readonly collects = new Map<Explorable, Collected>();

  constructor(
    sources: readonly ProgramSource[],
    private readonly options: ParallelOptions,
  ) {
    const { resume } = options;
    if (resume !== undefined) matchCheckpoint(resume, sources, options);
    const { look } = options;
    this.programs = sources.map((source, index) =>
      look === undefined
        ? new Sourced(source, options, resume?.programs[index])
        : new Looking(source, options, look.seed),
    );
  }

  get late(): boolean {
    return performance.now() - this.began >= exploreMs(this.options);
  }

  /** Explores no more. */
  stop(lanes: readonly Lane[], why: string): void {
    if (this.stopping) return;
    this.stopping = true;
    for (const program of this.programs) program.stop(why);
    for (const lane of lanes) lane.askToStop(false);
    // A lane with nothing to do may have something now: the findings of what is over.
    this.change();
  }

  /** Explores with one lane until nothing is left for it. */
  async drive(lane: Lane, lanes: readonly Lane[]): Promise<void> {
    for (;;) {
      this.watchClock(lanes);
      const due = this.toCollect();
      if (due !== undefined) {
        await this.collect(due, lane);
        continue;
      }
      const next = this.next();
      if (next === undefined) {
        if (this.programs.every((program) => program.over && this.isCollected(program))) return;
        await this.changed.opened;
        continue;
      }
      const { program, unit, plan } = next;
      const { source } = program;
      const tell = (progress: UnitProgress): void => {
        program.told(unit, progress);
        this.tell();
        this.saveNow();
      };
      program.give(unit.id, await lane.explore({ source, plan, unit }, tell));
      this.change();
      this.tell();
      this.saveNow();
    }
  }

  /** Wakes the lanes that wait for something to do. */
  private change(): void {
    this.changed.open();
    this.changed = gate();
  }

  private isCollected(program: Explorable): boolean {
    return this.options.collect === undefined || this.collects.get(program)?.done === true;
  }

  /** A program that is explored, of which nobody makes the findings yet. */
  private toCollect(): Explorable | undefined {
    if (this.options.collect === undefined) return undefined;
    return this.programs.find((program) => program.over && !this.collects.has(program));
  }

  private async collect(program: Explorable, lane: Lane): Promise<void> {
    const { source } = program;
    const { reports, ends } = program.exploration();
    const mark = (collected: Collected): void => {
      this.collects.set(program, collected);
      this.change();
    };
    if (reports.length + ends.stuckAt.length === 0) return mark({ done: true, findings: [] });
    mark({ done: false });
    const index = this.programs.indexOf(program);
    const collect = { ...this.options.collect?.(index), found: { outcomes: [], reports, ends } };
    const answer = await lane.explore({ source, plan: this.plan, collect });
    if ('ended' in answer) return mark({ done: true });
    if ('error' in answer) return mark({ done: true, error: receiveError(answer.error) });
    return mark({ done: true, ...(answer.findings === undefined ? {} : { findings: answer.findings }) });
  }

  /** Compares the code with what a checkpoint was saved from. */
  async verify(lane: Lane): Promise<void> {
    for (const [index, saved] of (this.options.resume?.programs ?? []).entries()) {
      const program = this.programs[index];
      if (saved.begun === undefined || program === undefined) continue;
      const answer = await lane.explore({ source: program.source, plan: this.plan });
      if ('error' in answer) throw receiveError(answer.error);
      if ('ended' in answer) return;
      matchProgram(saved, answer.name, answer.fingerprint);
    }
  }

  result(): ParallelResult {
    const results = this.programs.map((program) => {
      const { source, name } = program;
      const { findings, error } = this.collects.get(program) ?? {};
      const failed = program.failed ?? error;
      const exploration = program.exploration();
      const advice = exploration.complete ? undefined : tooLarge(program.stats, program.share, this.options);
      return {
        source,
        name,
        exploration,
        ...(findings === undefined ? {} : { findings }),
        ...(failed === undefined ? {} : { error: failed }),
        ...(advice === undefined ? {} : { advice }),
      };
    });
    // A sample is drawn again from its seed.
    const { sample, look } = this.options;
    if (sample !== undefined || look !== undefined || results.every(({ exploration }) => exploration.complete))
      return { results };
    return { results, checkpoint: this.checkpoint() };
  }

  private get plan(): SearchPlan {
    return planOf(this.options);
  }

  private watchClock(lanes: readonly Lane[]): void {
    const { timeMs } = this.options;
    if (timeMs !== undefined && this.late) this.stop(lanes, lateText(this.options));
  }

  private checkpoint(): Checkpoint {
    return { plan: this.plan, programs: this.programs.flatMap((program) => program.save() ?? []) };
  }

  private saveNow(): void {
    const { onCheckpoint, checkpointEveryMs = CHECKPOINT_EVERY_MS } = this.options;
    if (onCheckpoint === undefined || performance.now() - this.saved < checkpointEveryMs) return;
    this.saved = performance.now();
    onCheckpoint(this.checkpoint());
  }

  /** Few preemptions first, over all programs. */
  private next(): ({ readonly program: Explorable } & Due) | undefined {
    const inTurn = [...this.programs].sort((a, b) => a.turn - b.turn);
    for (const program of inTurn) {
      const due = program.take();
      if (due !== undefined) return { program, ...due };
    }
    return undefined;
  }

  private tell(): void {
    const { onProgress } = this.options;
    if (onProgress === undefined) return;
    const { programs } = this;
    const stats = programs.reduce((sum, program) => mergeStats(sum, program.stats), NO_STATS);
    const share = programs.reduce((sum, program) => sum + program.share, 0) / programs.length;
    const done = programs.filter(({ over }) => over).length;
    const progress = progressOf(stats, share, performance.now() - this.began);
    const unfinished = programs.filter(({ over }) => !over);
    const stages = unfinished.flatMap(({ preemptions }) => preemptions ?? []);
    onProgress({
      ...progress,
      done,
      programs: programs.length,
      ...(stages.length === 0 ? {} : { preemptions: Math.min(...stages) }),
      tooLarge: unfinished.flatMap((program) => {
        const text = tooLarge(program.stats, program.share, this.options);
        return text === undefined ? [] : [{ index: programs.indexOf(program), text }];
      }),
    });
  }
}

/** What became of a program's findings. */
interface Collected extends Pick<SourceResult, 'findings' | 'error'> {
  readonly done: boolean;
}

/** Time for the search: what remains is for the findings. */
const exploreMs = ({ timeMs, collectMs = 0 }: ParallelOptions): number =>
  timeMs === undefined ? Infinity : Math.max(1, timeMs - collectMs);

const lateText = (options: ParallelOptions): string => `stopped after ${counted(exploreMs(options), 'millisecond')}`;

/** A promise, and what fulfils it. */
const gate = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

/**
 * Explores many programs in threads of their own, and large ones part by part. What comes
 * back is the same, byte for byte, whatever the number of threads, unless time or a signal
 * stops it; the findings, outcomes and verdicts are those of `explore`.
 * An error of one program is in its result; the others go on.
 * @throws LMP-306 options out of range; LMP-344 a checkpoint of something else
 */
export const exploreSources = async (
  sources: readonly ProgramSource[],
  options: ParallelOptions,
): Promise<ParallelResult> => {
  checkWhole('workers', options.workers, 0);
  for (const name of ['timeMs', 'stallMs', 'wholeSteps', 'unitSteps', 'maxSteps', 'maxExecutions'] as const) {
    checkWhole(name, options[name], 1);
  }
  checkWhole('maxPreemptions', options.maxPreemptions, 0);
  checkWhole('upTo', options.upTo, 0);
  if (options.sample !== undefined) checkSampleOptions(options.sample);
  checkWhole('checkpointEveryMs', options.checkpointEveryMs, 0);
  const { workers, timeMs, signal, stallMs = STALL_MS, entry = WORKER_ENTRY } = options;
  const battery = new Battery(sources, options);
  const lanes: readonly Lane[] =
    workers === 0 ? [laneHere(() => battery.late)] : Array.from({ length: workers }, () => workerLane(entry, stallMs));
  const timers: NodeJS.Timeout[] = [];
  /** From now on nothing is made smaller either, and whoever does not answer soon is ended. */
  const hurry = (): void => {
    for (const lane of lanes) lane.askToStop(true);
    const giveUp = (): void => {
      for (const lane of lanes) lane.giveUp();
    };
    timers.push(setTimeout(giveUp, GRACE_MS));
  };
  const abort = (): void => {
    const reason: unknown = signal?.reason;
    battery.stop(lanes, typeof reason === 'string' ? `stopped by ${reason}` : 'stopped on request');
    hurry();
  };
  if (timeMs !== undefined) {
    timers.push(setTimeout(() => battery.stop(lanes, lateText(options)), exploreMs(options)));
    timers.push(setTimeout(hurry, timeMs));
  }
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted === true) abort();
    const [first] = lanes;
    if (first !== undefined) await battery.verify(first);
    await Promise.all(lanes.map((lane) => battery.drive(lane, lanes)));
    return battery.result();
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    await Promise.all(lanes.map((lane) => lane.end()));
  }
};
