// SPDX-License-Identifier: GPL-2.0-only

/** One line of tracefs `trace`. */
export interface TraceEvent {
  /** Name of the event or probe, without its group. */
  readonly event: string;
  /** Name of the task that was running, as the kernel knew it; `<...>` when it did not. */
  readonly task: string;
  readonly pid: number;
  readonly cpu: number;
  /** Microseconds of the trace clock. */
  readonly timestampUs: number;
  /** What follows the name. */
  readonly payload: string;
}

export interface Trace {
  /** In the order of the file, which is that of the clock. */
  readonly events: readonly TraceEvent[];
  /** Events that the ring buffer dropped. With any, nothing may be concluded from absence. */
  readonly lost: number;
  /** Lines that are none of tracefs' forms; empty for a whole file. */
  readonly unread: readonly string[];
}

/*
 * `TASK-PID [CPU] FLAGS SECONDS.FRACTION: NAME: PAYLOAD`. A task's name may hold blanks and
 * dashes, so it ends at the last dash before a pid; a thread group may follow in parentheses.
 */
const eventLine =
  /^\s*(.*)-(\d+)\s+(?:\([-\s\d]+\)\s+)?\[(\d+)\]\s+(?:\S+\s+)?(\d+)\.(\d{1,9}):\s+([^\s:]+):(?: (.*))?$/;
const lostLine = /^CPU:\d+ \[LOST (\d+) EVENTS\]$/;
/** A buffer that was overwritten says so without a number. */
const lostSome = /^CPU:\d+ \[LOST EVENTS\]$/;

/** Reads tracefs `trace` (not `trace_pipe_raw`), whatever events are in it. */
export const parseTrace = (text: string): Trace => {
  const events: TraceEvent[] = [];
  const unread: string[] = [];
  let lost = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const dropped = lostLine.exec(line.trim());
    if (dropped !== null || lostSome.test(line.trim())) {
      lost += Number(dropped?.[1] ?? 1);
      continue;
    }
    const event = parseEvent(line);
    if (event === undefined) unread.push(line);
    else events.push(event);
  }
  return { events, lost, unread };
};

const parseEvent = (line: string): TraceEvent | undefined => {
  const found = eventLine.exec(line);
  if (found === null) return undefined;
  const [, task = '', pid = '', cpu = '', seconds = '', fraction = '', event = '', payload = ''] = found;
  const timestampUs = Number(seconds) * 1_000_000 + Math.trunc(Number(fraction.padEnd(9, '0')) / 1_000);
  return { event, task, pid: Number(pid), cpu: Number(cpu), timestampUs, payload };
};

/** A device number as the block events print it. */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** A bio that moved from one device to another. */
export interface BioRemap {
  /** `R`, `W`, `WS`, `FF` …, as the kernel abbreviates. */
  readonly rwbs: string;
  readonly to: DeviceNumber;
  readonly toSector: number;
  readonly lengthSectors: number;
  readonly from: DeviceNumber;
  readonly fromSector: number;
}

const remapPayload = /^(\d+),(\d+) (\S+) (\d+) \+ (\d+) <- \((\d+),(\d+)\) (\d+)$/;

/** The payload of `block_bio_remap`; undefined for anything else. */
export const parseBioRemap = ({ event, payload }: TraceEvent): BioRemap | undefined => {
  const found = event === 'block_bio_remap' ? remapPayload.exec(payload) : null;
  if (found === null) return undefined;
  const number = (group: number): number => Number(found[group]);
  return {
    rwbs: found[3] ?? '',
    to: { major: number(1), minor: number(2) },
    toSector: number(4),
    lengthSectors: number(5),
    from: { major: number(6), minor: number(7) },
    fromSector: number(8),
  };
};
