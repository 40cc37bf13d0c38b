// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type GuestPort, namesIn } from '@libmultipath/driver-kit';
import { DETACH_MS } from '../deadlines.js';
import { removeDisks } from './disk.js';
import { SUBSYSTEM, TARGET } from './places.js';

const CONTROLLERS = '/sys/class/nvme';

const disconnect = async (port: GuestPort): Promise<void> => {
  for (const name of await namesIn(port, CONTROLLERS)) {
    const dir = `${CONTROLLERS}/${name}`;
    if ((await attributeOf(port, `${dir}/transport`)) !== 'tcp') continue;
    await port.call('file.write', { path: `${dir}/delete_controller`, data: '1' }, { deadlineMs: DETACH_MS });
    await port.call('wait.until', { all: [{ path: dir, is: 'absent' }], deadlineMs: DETACH_MS });
  }
};

const removePort = async (port: GuestPort, dir: string): Promise<void> => {
  for (const name of await namesIn(port, `${dir}/subsystems`)) {
    await port.call('link.remove', { path: `${dir}/subsystems/${name}` });
  }
  for (const group of await namesIn(port, `${dir}/ana_groups`)) {
    if (group !== '1') await port.call('dir.remove', { path: `${dir}/ana_groups/${group}` });
  }
  await port.call('dir.remove', { path: dir });
};

/**
 * Takes away the target of another topology that this machine has had: what was once discovered of a subsystem cannot
 * be changed, nor can a port that listens. Nothing where there is none.
 */
export const dismantleTarget = async (port: GuestPort): Promise<void> => {
  if ((await port.call('file.stat', { path: SUBSYSTEM })).kind === 'absent') return;
  await disconnect(port);
  for (const nth of await namesIn(port, `${TARGET}/ports`)) await removePort(port, `${TARGET}/ports/${nth}`);
  for (const nsid of await namesIn(port, `${SUBSYSTEM}/namespaces`)) {
    const dir = `${SUBSYSTEM}/namespaces/${nsid}`;
    await port.call('file.write', { path: `${dir}/enable`, data: '0' }, { deadlineMs: DETACH_MS });
    await port.call('dir.remove', { path: dir });
  }
  await port.call('dir.remove', { path: SUBSYSTEM });
  await removeDisks(port);
};
