// SPDX-License-Identifier: GPL-2.0-only
import { isModule, loadModule, unloadModule, type GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DETACH_MS } from './deadlines.js';

const MODULE = 'sd_mod';

/** As a module or as a part of the kernel. */
const isLoaded = async (port: GuestPort): Promise<boolean> =>
  (await port.call('file.stat', { path: '/sys/bus/scsi/drivers/sd' })).kind !== 'absent';

/** rmmod. @returns `ok` or the errno name @throws LMP-260 sd is no module in this kernel */
export const unloadSd = async (port: GuestPort): Promise<string> => {
  if ((await isLoaded(port)) && !(await isModule(port, MODULE))) {
    throw errors.fail('LMP-260', {
      message: `unload-sd: sd is a part of ${port.hello.release}, and no module`,
      where: '/sys/module',
      todo: 'take a kernel with CONFIG_BLK_DEV_SD=m',
    });
  }
  return unloadModule(port, MODULE, DETACH_MS);
};

/** insmod, if it was unloaded. @throws LMP-261 it is not in the image */
export const loadSd = async (port: GuestPort): Promise<void> => {
  if (await isLoaded(port)) return;
  if (await loadModule(port, MODULE, DETACH_MS)) return;
  throw errors.fail('LMP-261', { message: `${MODULE} is not in the image` });
};
