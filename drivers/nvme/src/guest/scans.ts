// SPDX-License-Identifier: GPL-2.0-only
import { attachedLabels } from './controllers.js';
import { ATTACH_MS } from './deadlines.js';
import { lastMark } from './trace/marks.js';
import { SCAN, type Probe } from './trace/probes.js';
import type { TraceRecord } from './trace/record.js';
import type { NvmeGuestWorld } from './world.js';

const countOf = (records: readonly TraceRecord[], probe: Probe): number =>
  records.filter(({ event }) => event === probe.event).length;

/** Does something after which so many controllers scan, and returns when all of them have. @throws LMP-228 */
const scanning = async (
  world: NvmeGuestWorld,
  step: string,
  subject: string,
  atLeast: number,
  act: () => Promise<void>,
): Promise<void> => {
  const { trace } = world;
  await trace.mark({ kind: 'begin', step, subject });
  await act();
  await trace.until(`the namespace scan of ${step} ${subject} to end`, ATTACH_MS, (records) => {
    const own = records.slice(lastMark(records, 'begin', step, subject) + 1);
    const [begun, ended] = [countOf(own, SCAN[0]), countOf(own, SCAN[1])];
    return ended >= atLeast && ended === begun;
  });
  await trace.mark({ kind: 'end', step, subject });
};

/** One controller scans afterwards. */
export const afterScan = (
  world: NvmeGuestWorld,
  step: string,
  subject: string,
  act: () => Promise<void>,
): Promise<void> => scanning(world, step, subject, 1, act);

/** Every controller that is attached scans afterwards. */
export const afterScans = async (
  world: NvmeGuestWorld,
  step: string,
  subject: string,
  act: () => Promise<void>,
): Promise<void> => scanning(world, step, subject, (await attachedLabels(world)).length, act);
