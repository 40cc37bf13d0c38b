// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ResetArgs } from '../../vocabulary/target-args.js';
import { attributeDir } from '../attribute-dir.js';
import { ATTACH_MS } from '../deadlines.js';
import { placeOf } from '../place.js';
import { afterScan } from '../scans.js';
import type { NvmeGuestWorld } from '../world.js';

/**
 * Writes `reset_controller`, which returns when the reset is over, and waits for the scan that follows.
 * @throws LMP-230 the kernel refuses it; LMP-228
 */
export const guestReset = (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> =>
  afterScan(world, 'reset', controller, async () => {
    const dir = await attributeDir(world, { kind: 'controller', label: controller });
    const path = `${dir ?? ''}/reset_controller`;
    const result = dir === undefined ? 'ENOENT' : await tryWrite(world.port, path, '1', ATTACH_MS);
    if (result !== 'ok') {
      throw errors.fail('LMP-230', {
        message: `the kernel refuses to reset ${controller} with ${result}`,
        where: path,
      });
    }
    await placeOf(world.slots, controller).untilLive(world.port);
  });
