// SPDX-License-Identifier: GPL-2.0-only
import { isModule, loadModule, unloadModule, type GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DETACH_MS } from './deadlines.js';

const MODULE = 'nvme_tcp';

/** rmmod. @returns `ok` or the errno name @throws LMP-236 it is no module in this kernel */
export const unloadTransport = async (port: GuestPort): Promise<string> => {
  if (await isModule(port, MODULE)) return unloadModule(port, MODULE, DETACH_MS);
  throw errors.fail('LMP-236', { message: `${MODULE} is no module of ${port.hello.release}`, where: '/sys/module' });
};

/** insmod, if it was unloaded. @throws LMP-236 it is not in the image */
export const loadTransport = async (port: GuestPort): Promise<void> => {
  if ((await port.call('file.stat', { path: `/sys/module/${MODULE}` })).kind !== 'absent') return;
  if (await loadModule(port, MODULE, DETACH_MS)) return;
  throw errors.fail('LMP-236', { message: `${MODULE} is not in the image` });
};
