// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../../errors.js';
import type { AwaitAccessStateArgs, ChangeGroupArgs, ResizeArgs, SetTransportArgs } from '../../vocabulary/args.js';
import { accessStateNumber } from '../../vocabulary/names.js';
import { groupDir, portalDir, setLio } from '../arrays/lio.js';
import { setScsiDebug } from '../arrays/scsi-debug.js';
import { HANDLER_MS } from '../deadlines.js';
import { deviceDir, nexusOf, type ScsiGuestWorld } from '../world.js';

const notHere = (message: string, todo: string): Error => errors.fail('LMP-260', { message, todo });

/** The administrator of LIO changes the group; every path of it is told. @throws LMP-260 another array, or a silent change */
export const guestChangeGroup = async (world: ScsiGuestWorld, args: ChangeGroupArgs): Promise<void> => {
  const { port, topology } = world;
  if (topology.array !== 'lio' || !args.told) {
    throw notHere('change-group: LIO alone changes groups, and tells every path', 'say `array: lio`, without `told`');
  }
  const units = topology.units.filter(({ label }) =>
    topology.paths.some((path) => path.unit === label && path.group === args.group),
  );
  for (const { label } of units) {
    const dir = groupDir(label, args.group);
    if (args.preferred !== undefined) await setLio(port, `${dir}/preferred`, args.preferred ? '1' : '0');
    if (args.state !== undefined) {
      await setLio(port, `${dir}/alua_access_state`, String(accessStateNumber(args.state)));
    }
  }
};

/** @throws LMP-263 it does not come to that */
export const guestAwaitAccessState = async (world: ScsiGuestWorld, args: AwaitAccessStateArgs): Promise<void> => {
  const dir = deviceDir(nexusOf(world, args.path));
  const { is, preferred } = args;
  const state = { path: `${dir}/access_state`, is: 'content', equals: is } as const;
  const bit = { path: `${dir}/preferred_path`, is: 'content', equals: preferred === true ? '1' : '0' } as const;
  const all = preferred === undefined ? [state] : [state, bit];
  try {
    await world.port.call('wait.until', { all, deadlineMs: HANDLER_MS }, { deadlineMs: 2 * HANDLER_MS });
  } catch (cause) {
    const wanted = preferred === undefined ? is : `${is}, ${preferred ? '' : 'not '}preferred`;
    throw errors.fail('LMP-263', { message: `${args.path} does not become ${wanted}`, where: dir, cause });
  }
};

const DID_TRANSPORT_DISRUPTED = 0x0e;

/** tcm_loop ends every command of a host so while its transport is offline. @throws LMP-260 another host byte or array */
export const guestSetTransport = async (world: ScsiGuestWorld, { path, host }: SetTransportArgs): Promise<void> => {
  const { port, topology } = world;
  const given = topology.paths.find(({ label }) => label === path);
  if (
    topology.array !== 'lio' ||
    given === undefined ||
    (host ?? DID_TRANSPORT_DISRUPTED) !== DID_TRANSPORT_DISRUPTED
  ) {
    throw notHere('set-transport: tcm_loop alone, and with host byte 14', 'say `array: lio` and `host: 14`');
  }
  const file = `${portalDir(topology, given.host)}/transport_status`;
  await setLio(port, file, host === undefined ? 'online' : 'offline');
};

const MIB_PER_GIB = 1_024;

/** scsi_debug says another size at once, by the GiB; its real medium repeats. @throws LMP-260 */
export const guestResize = async ({ port, topology }: ScsiGuestWorld, { sizeMiB }: ResizeArgs): Promise<void> => {
  if (topology.array !== 'scsi_debug' || sizeMiB % MIB_PER_GIB !== 0) {
    throw notHere('resize: scsi_debug alone, by the GiB', 'say `array: scsi_debug` and a multiple of 1024');
  }
  await setScsiDebug(port, 'virtual_gb', String(sizeMiB / MIB_PER_GIB));
};
