// SPDX-License-Identifier: GPL-2.0-only
import {
  NVME_CTRL_CONNECTING,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
  nvme_ctrl_state_names,
} from '../../environment/constants.js';
import { errors } from '../../errors.js';
import type { ResetArgs } from '../../vocabulary/target-args.js';
import { noteGone } from '../controllers.js';
import { ATTACH_MS, WINDOW_MS } from '../deadlines.js';
import type { NamedController } from '../place.js';
import { afterScan } from '../scans.js';
import { serve, stopServing } from '../target/configure.js';
import { portOf } from '../target/port.js';
import { lastMark } from '../trace/marks.js';
import type { NvmeGuestWorld } from '../world.js';
import { enteredOf } from './states.js';

const CONNECTING = nvme_ctrl_state_names[NVME_CTRL_CONNECTING];
const RESETTING = nvme_ctrl_state_names[NVME_CTRL_RESETTING];
const LIVE = nvme_ctrl_state_names[NVME_CTRL_LIVE];

const controllerAt = async (world: NvmeGuestWorld, label: string): Promise<NamedController | undefined> =>
  (await portOf(world.slots, label).controllers(world.port))[0];

/** Takes the subsystem from the port, and waits until whoever is connected there tries to connect again. @throws LMP-228 */
export const guestTargetOff = async (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> => {
  const { trace } = world;
  const before = enteredOf(await trace.read(), controller).length;
  const isAttached = (await controllerAt(world, controller)) !== undefined;
  await trace.mark({ kind: 'begin', step: 'target-off', subject: controller });
  await stopServing(world.port, portOf(world.slots, controller).nth);
  if (isAttached) {
    await trace.until(`${controller} to notice that its target is gone`, ATTACH_MS, (records) =>
      enteredOf(records, controller).slice(before).includes(CONNECTING),
    );
  }
  await trace.mark({ kind: 'end', step: 'target-off', subject: controller });
};

/** Gives the port its subsystem again, and waits until whoever tries to connect there is live and has scanned. */
export const guestTargetOn = async (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> => {
  const place = portOf(world.slots, controller);
  if ((await controllerAt(world, controller)) === undefined) {
    await serve(world.port, place.nth);
    return;
  }
  await afterScan(world, 'target-on', controller, async () => {
    await serve(world.port, place.nth);
    await place.untilLive(world.port);
  });
};

/** Waits until the kernel says that the time of the controller’s I/O is over. @throws LMP-228, LMP-230 */
export const guestAwaitFailfast = async (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> => {
  const found = await controllerAt(world, controller);
  if (found === undefined) {
    throw errors.fail('LMP-230', { message: `${controller} is not connected`, where: `await-failfast: ${controller}` });
  }
  const said = `${found.name}: failfast expired`;
  await world.trace.until(`${controller} to say that its time is over`, WINDOW_MS, (records) =>
    records
      .slice(lastMark(records, 'begin', 'target-off', controller) + 1)
      .some(({ event, payload }) => event === 'console' && payload.includes(said)),
  );
};

/** Waits until the driver has given the connection up. @throws GuestErrno ETIMEDOUT it has not */
export const guestAwaitLoss = async (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> => {
  const found = await controllerAt(world, controller);
  if (found !== undefined) {
    await world.port.call('wait.until', { all: [{ path: found.dir, is: 'absent' }], deadlineMs: WINDOW_MS });
  }
  await noteGone(world, controller);
};

/** Waits until the controller was reset, is live again and has scanned. @throws LMP-228 */
export const guestAwaitAnatt = (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> =>
  afterScan(world, 'await-anatt', controller, () =>
    world.trace.until(`${controller} to be reset`, WINDOW_MS, (records) => {
      const entered = enteredOf(records, controller);
      return entered.includes(RESETTING) && entered.at(-1) === LIVE;
    }),
  );
