// SPDX-License-Identifier: GPL-2.0-only
import { contentOf, type GuestPort, namesIn, parseTrace, unless } from '@libmultipath/driver-kit';
import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '../../errors.js';
import { LARGE_READ_MS, TRACE_POLL_MS } from '../deadlines.js';
import { formatMark, type Mark } from './marks.js';
import { PROBE_GROUP, PROBES, probeLine, SUBMITTED, type Probe } from './probes.js';
import { overwrittenRecords, type TraceRecord } from './record.js';

const TRACEFS = '/sys/kernel/tracing';
/** A buffer of our own: whoever else traces the guest is not disturbed. */
const INSTANCE = `${TRACEFS}/instances/mpath_nvme`;
/** Per CPU; a record of a bio takes some 60 bytes, so 10,000 and more fit. */
const BUFFER_KIB = 1_024;
/** As text, doubled newlines included, an answer must fit the channel. */
const TEXT_MAX_BYTES = 7 * 1_024 * 1_024;

/** The kernel's own record of what the scenario did. */
export class GuestTrace {
  private constructor(
    private readonly port: GuestPort,
    private readonly probes: ReadonlySet<string>,
  ) {}

  /**
   * Sets the buffer up: bios (`block_bio_remap`), messages (`console`), probes on the
   * functions that this kernel has.
   * @throws LMP-222
   */
  static async open(port: GuestPort): Promise<GuestTrace> {
    try {
      await unless(port.call('mount', { source: 'tracefs', target: TRACEFS, fstype: 'tracefs' }), 'EBUSY');
      await unless(port.call('dir.make', { path: INSTANCE }), 'EEXIST');
      const write = (path: string, data: string, append = false): Promise<unknown> =>
        port.call('file.write', { path, data, append });
      await write(`${INSTANCE}/trace_clock`, 'mono');
      await write(`${INSTANCE}/buffer_size_kb`, String(BUFFER_KIB));
      for (const event of ['block/block_bio_remap', 'printk/console'])
        await write(`${INSTANCE}/events/${event}/enable`, '1');
      const probes = new Set<string>();
      const made = new Set(await namesIn(port, `${TRACEFS}/events/${PROBE_GROUP}`));
      for (const probe of PROBES) {
        // ENOENT: this kernel has no such function. EINVAL: it has, and does not let it be probed.
        const there =
          made.has(probe.event) ||
          (await unless(write(`${TRACEFS}/kprobe_events`, probeLine(probe), true), 'ENOENT', 'EINVAL')) !== undefined;
        if (!there) continue;
        probes.add(probe.event);
        if (probe.event !== SUBMITTED.event)
          await write(`${INSTANCE}/events/${PROBE_GROUP}/${probe.event}/enable`, '1');
      }
      return new GuestTrace(port, probes);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw errors.fail('LMP-222', {
        message: `the kernel's tracing could not be set up: ${why}`,
        where: INSTANCE,
        cause,
      });
    }
  }

  /** Whether this kernel has the function that the probe sits on. */
  has(probe: Probe): boolean {
    return this.probes.has(probe.event);
  }

  async mark(mark: Mark): Promise<void> {
    await this.port.call('file.write', { path: `${INSTANCE}/trace_marker`, data: formatMark(mark) });
  }

  async enable(probe: Probe, on: boolean): Promise<void> {
    if (!this.has(probe)) return;
    const path = `${INSTANCE}/events/${PROBE_GROUP}/${probe.event}/enable`;
    await this.port.call('file.write', { path, data: on ? '1' : '0' });
  }

  async clear(): Promise<void> {
    await this.port.call('file.write', { path: `${INSTANCE}/trace`, data: '\n' });
  }

  /** @throws LMP-223 the buffer overflowed: what it shows is not what happened */
  async read(): Promise<readonly TraceRecord[]> {
    const { data } = await this.port.call(
      'file.read',
      { path: `${INSTANCE}/trace`, maxBytes: TEXT_MAX_BYTES },
      { deadlineMs: LARGE_READ_MS },
    );
    const { events, lost: skipped } = parseTrace(data);
    const lost = overwrittenRecords(data) + skipped;
    if (lost > 0 || data.length >= TEXT_MAX_BYTES) {
      throw errors.fail('LMP-223', {
        message: lost > 0 ? `the trace buffer lost ${lost} records` : 'the trace is too long to be read',
        where: `${INSTANCE}/trace`,
        todo: 'make the load of the scenario shorter',
      });
    }
    return events;
  }

  /**
   * Reads again until `done` is content with the records.
   * @throws LMP-228 not within `deadlineMs`; `what` completes "waited for …"
   */
  async until(
    what: string,
    deadlineMs: number,
    done: (records: readonly TraceRecord[]) => boolean | Promise<boolean>,
  ): Promise<void> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      if (await done(await this.read())) return;
      if (performance.now() >= end) {
        const last = (await contentOf(this.port, `${INSTANCE}/trace`))?.trimEnd().split('\n').at(-1) ?? 'nothing';
        throw errors.fail('LMP-228', {
          message: `waited ${deadlineMs} ms for ${what}; the last record is: ${last.trim()}`,
          where: `${INSTANCE}/trace`,
        });
      }
      await pause(TRACE_POLL_MS);
    }
  }
}
