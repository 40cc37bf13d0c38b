// SPDX-License-Identifier: GPL-2.0-only
import {
  attributeOf,
  dmCreate,
  dmMessage,
  dmReload,
  dmRemove,
  dmResume,
  dmStatus,
  dmSuspend,
  GuestErrno,
  type GuestPort,
  type Json,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { diskOf } from './devices.js';
import type { DmSession } from './dm-session.js';
import { trace } from './trace.js';
import { nexusOf, type ScsiGuestWorld } from './world.js';

/*
 * The small multipathd: what user space does when paths come and go. The model's is dm-oracle/daemon.ts, and the
 * two do the same at the same places.
 */

const NAME = 'mpath';
const TIMEOUT = '/sys/module/dm_multipath/parameters/queue_if_no_path_timeout_secs';

const must = async <T>(what: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (cause) {
    if (!(cause instanceof GuestErrno)) throw cause;
    throw errors.fail('LMP-263', { message: `dm-multipath: ${what}: ${cause.message}`, where: NAME, cause });
  }
};

/**
 * Parameters of the table: a group for each path, or one of all; bio based, with the handler where one is loaded.
 * Kernel: Documentation/admin-guide/device-mapper, target multipath. Pure.
 */
export const tableParams = (
  devices: readonly string[],
  { policy, delaySecs, handler }: { readonly policy: string; readonly delaySecs: number; readonly handler?: string },
): string => {
  const features = delaySecs > 0 ? '3 queue_if_no_path queue_mode bio' : '2 queue_mode bio';
  const hardware = handler === undefined ? '0' : `1 ${handler}`;
  const groups = policy === 'numa' ? devices.map((device) => [device]) : [devices];
  // One argument for each path: how many bios before the next path's turn.
  const texts = groups.map(
    (paths) => `round-robin 0 ${String(paths.length)} 1 ${paths.map((path) => `${path} 1`).join(' ')}`,
  );
  return `${features} ${hardware} ${String(groups.length)} 1 ${texts.join(' ')}`;
};

const loadTable = async ({ port, topology }: ScsiGuestWorld, dm: DmSession): Promise<void> => {
  const [first] = dm.members;
  if (first === undefined) return;
  const params = tableParams(
    dm.members.map(({ device }) => device),
    { policy: dm.policy, delaySecs: dm.delaySecs, ...(topology.alua ? { handler: 'alua' } : {}) },
  );
  const table = { sectors: first.sectors, params };
  if (dm.head === undefined) dm.head = await must(`create ${params}`, dmCreate(port, NAME, table));
  else await must(`load ${params}`, dmReload(port, NAME, table));
};

/** A path has come. @throws LMP-263 */
export const pathCame = async (world: ScsiGuestWorld, label: string): Promise<void> => {
  const { dm } = world.session;
  const disk = dm === undefined ? undefined : await diskOf(world, nexusOf(world, label));
  if (dm === undefined || disk === undefined) return;
  const device = (await attributeOf(world.port, `/sys/block/${disk}/dev`)) ?? '';
  const sectors = Number(await attributeOf(world.port, `/sys/block/${disk}/size`));
  dm.members.push({ label, device, sectors });
  dm.labels.set(device, label);
  await loadTable(world, dm);
  if (dm.isOrphan) await trace.markReturned(world.port);
  dm.isOrphan = false;
};

/** A path has gone: as multipathd's checker would find. @throws LMP-263 */
export const pathWent = async ({ port, session: { dm } }: ScsiGuestWorld, label: string): Promise<void> => {
  const index = dm?.members.findIndex((one) => one.label === label) ?? -1;
  const [gone] = index < 0 ? [] : (dm?.members.splice(index, 1) ?? []);
  if (dm === undefined || gone === undefined) return;
  dm.isOrphan = dm.members.length === 0;
  await must('fail_path', dmMessage(port, NAME, `fail_path ${gone.device}`));
};

/** @throws LMP-263 */
export const reinstatePath = async ({ port, session: { dm } }: ScsiGuestWorld, label: string): Promise<void> => {
  const member = dm?.members.find((one) => one.label === label);
  if (member !== undefined) await must('reinstate_path', dmMessage(port, NAME, `reinstate_path ${member.device}`));
};

/** Seconds that bios wait without a path; 0: they fail. @throws LMP-263 */
export const setDelay = async ({ port, session: { dm } }: ScsiGuestWorld, seconds: number): Promise<void> => {
  if (dm === undefined) return;
  dm.delaySecs = seconds;
  await port.call('file.write', { path: TIMEOUT, data: String(seconds) });
  await must('delay', dmMessage(port, NAME, seconds > 0 ? 'queue_if_no_path' : 'fail_if_no_path'));
};

/** Bios wait until a resume. @throws LMP-263 */
export const suspendHead = async ({ port, session: { dm } }: ScsiGuestWorld): Promise<void> => {
  await must('suspend', dmSuspend(port, NAME));
  if (dm !== undefined) dm.isSuspended = true;
};

/** What waits goes on. @throws LMP-263 */
export const resumeHead = async ({ port, session: { dm } }: ScsiGuestWorld): Promise<void> => {
  await must('resume', dmResume(port, NAME));
  if (dm !== undefined) dm.isSuspended = false;
};

/** @throws LMP-263 */
export const setPolicy = async (world: ScsiGuestWorld, policy: string): Promise<void> => {
  const { dm } = world.session;
  if (dm === undefined) return;
  dm.policy = policy;
  await loadTable(world, dm);
};

/** Ends the waiting and takes the multipath disk away. @throws LMP-263 it is in use */
export const removeHead = async (port: GuestPort): Promise<void> => {
  await must('remove', dmRemove(port, NAME));
};

/** `8:0 A 0`: a path of the status line, its state, how often it failed. */
const PATH = /(\d+:\d+) ([AF]) (\d+)/g;

/** Path label → A or F with how often it has failed. @throws LMP-263 */
export const dmPaths = async ({ port, session: { dm } }: ScsiGuestWorld): Promise<Json> => {
  if (dm === undefined) return null;
  if (dm.head === undefined) return {};
  const text = await must('status', dmStatus(port, NAME));
  return Object.fromEntries(
    [...text.matchAll(PATH)].map(([, device = '', state = '', count = '']) => [
      dm.labels.get(device) ?? device,
      `${state} ${count}`,
    ]),
  );
};
