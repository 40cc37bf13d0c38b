// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { ResetArgs } from '../../vocabulary/target-args.js';
import { attributeDir } from '../attribute-dir.js';
import { ATTACH_MS } from '../deadlines.js';
import { afterScan } from '../scans.js';
import type { NvmeGuestWorld } from '../world.js';

/** Writes `rescan_controller`, and waits for the scan. @throws LMP-230 the kernel refuses it; LMP-228 */
export const guestRescan = (world: NvmeGuestWorld, { controller }: ResetArgs): Promise<void> =>
  afterScan(world, 'rescan', controller, async () => {
    const dir = await attributeDir(world, { kind: 'controller', label: controller });
    const path = `${dir ?? ''}/rescan_controller`;
    const result = dir === undefined ? 'ENOENT' : await tryWrite(world.port, path, '1', ATTACH_MS);
    if (result === 'ok') return;
    throw errors.fail('LMP-230', { message: `the kernel refuses to rescan ${controller} with ${result}`, where: path });
  });
