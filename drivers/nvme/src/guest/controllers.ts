// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';
import { ATTACH_MS } from './deadlines.js';
import { deviceNumbers, findHead, findPaths } from './disks.js';
import { lastMark } from './trace/marks.js';
import { PARTITIONS, SCAN, type Probe } from './trace/probes.js';
import type { TraceRecord } from './trace/record.js';
import { placeOf, type Place } from './place.js';
import { subsystemOf } from '../topology.js';
import type { NvmeGuestWorld } from './world.js';

const countOf = (records: readonly TraceRecord[], probe: Probe): number =>
  records.filter(({ event }) => event === probe.event).length;

/** As often ended as begun, and ended at least so often. */
const settled = (records: readonly TraceRecord[], [begin, end]: readonly [Probe, Probe], atLeast: number): boolean => {
  const ended = countOf(records, end);
  return ended >= atLeast && ended === countOf(records, begin);
};

const becomesLive = async (world: NvmeGuestWorld, places: readonly Place[]): Promise<void> => {
  try {
    await Promise.all(places.map((place) => place.untilLive(world.port)));
  } catch (cause) {
    throw errors.fail('LMP-224', {
      message: `${places.map(({ label }) => label).join(', ')} did not become live with a path disk: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: places.map(({ where }) => where).join(' '),
      cause,
    });
  }
};

/** Notes which device numbers the path disks of the controllers have, here and in the trace. */
const noteDevices = async (world: NvmeGuestWorld, labels: readonly string[]): Promise<void> => {
  const numbers = await deviceNumbers(world);
  const paths = await findPaths(world);
  for (const label of labels) {
    const own = paths.filter((path) => path.label === label).flatMap(({ name }) => numbers.get(name) ?? []);
    world.session.devices.set(label, own);
    for (const number of own) await world.trace.mark({ kind: 'device', number, label });
  }
};

/** In how many subsystems the controllers are the first. */
const subsystemsWithoutHead = async (world: NvmeGuestWorld, labels: readonly string[]): Promise<number> => {
  const firsts = new Map(labels.map((label) => [subsystemOf(world.topology, label), label]));
  const heads = await Promise.all([...firsts.values()].map((of) => findHead(world, { of })));
  return heads.filter((head) => head === undefined).length;
};

/**
 * Lets the kernel find the controllers, all at the same time, and waits until each is
 * live, its namespaces are scanned, and a new head has been searched for partitions, so that
 * whatever I/O follows is the scenario's own. `find` lets the kernel look at a place: it is asked to, unless said.
 * @throws LMP-224, LMP-228
 */
export const attachControllers = async (
  world: NvmeGuestWorld,
  labels: readonly string[],
  find: (place: Place) => Promise<void> = (place) => place.find(world.port),
): Promise<void> => {
  const places = labels.map((label) => placeOf(world.slots, label));
  const subject = labels.join('+');
  const newHeads = world.topology.multipath === false ? 0 : await subsystemsWithoutHead(world, labels);
  await world.trace.mark({ kind: 'begin', step: 'attach', subject });
  await Promise.all(places.map(find));
  await becomesLive(world, places);
  await world.trace.until(`the namespace scan of ${subject} to end`, ATTACH_MS, (records) => {
    const own = records.slice(lastMark(records, 'begin', 'attach', subject) + 1);
    return settled(own, SCAN, places.length) && (!world.trace.has(PARTITIONS[0]) || settled(own, PARTITIONS, newHeads));
  });
  await noteDevices(world, labels);
  await world.trace.mark({ kind: 'end', step: 'attach', subject });
};

/** Notes that the path disks of a controller have gone. */
export const noteGone = async (world: NvmeGuestWorld, label: string): Promise<void> => {
  for (const number of world.session.devices.get(label) ?? []) await world.trace.mark({ kind: 'gone', number, label });
  world.session.devices.delete(label);
};

/**
 * Removes a controller in the orderly way and returns when the kernel is done with it.
 * @throws LMP-225
 */
export const detachController = async (world: NvmeGuestWorld, label: string): Promise<void> => {
  const place = placeOf(world.slots, label);
  await world.trace.mark({ kind: 'begin', step: 'detach', subject: label });
  try {
    await place.remove(world.port);
  } catch (cause) {
    throw errors.fail('LMP-225', {
      message: `${label} was not removed: ${cause instanceof Error ? cause.message : String(cause)}`,
      where: place.where,
      cause,
    });
  }
  await noteGone(world, label);
  await world.trace.mark({ kind: 'end', step: 'detach', subject: label });
};

/** Labels of the controllers that the kernel has at the moment, in the order of the topology. */
export const attachedLabels = async (world: NvmeGuestWorld): Promise<readonly string[]> => {
  const labels: string[] = [];
  for (const place of world.slots.values()) if (await place.isAttached(world.port)) labels.push(place.label);
  return labels;
};
