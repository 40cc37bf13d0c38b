// SPDX-License-Identifier: GPL-2.0-only
import type { NamespaceArgs } from '../../vocabulary/target-args.js';
import { DETACH_MS } from '../deadlines.js';
import { afterScans } from '../scans.js';
import { namespaceDir } from '../target/configure.js';
import type { NvmeGuestWorld } from '../world.js';

/** The target tells every controller that is connected, and each scans. */
const enabling =
  (data: '0' | '1') =>
  (world: NvmeGuestWorld, { nsid }: NamespaceArgs): Promise<void> =>
    afterScans(world, data === '1' ? 'enable-namespace' : 'disable-namespace', String(nsid), async () => {
      const path = `${namespaceDir(nsid)}/enable`;
      await world.port.call('file.write', { path, data }, { deadlineMs: DETACH_MS });
    });

export const guestEnableNamespace = enabling('1');
export const guestDisableNamespace = enabling('0');
