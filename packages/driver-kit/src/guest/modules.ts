// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestPort } from '@libmultipath/contract';
import { contentOf } from './files.js';

/** The modules of the image, a path a line. */
const LIST = '/etc/mpath/modules';

/** Is a part of this name a module of this kernel, and loaded? `false` also where it is built in. */
export const isModule = async (port: GuestPort, name: string): Promise<boolean> =>
  (await port.call('file.stat', { path: `/sys/module/${name}/refcnt` })).kind !== 'absent';

/** rmmod. @returns `ok` or the errno name */
export const unloadModule = async (port: GuestPort, name: string, deadlineMs: number): Promise<string> => {
  try {
    await port.call('module.unload', { name }, { deadlineMs });
    return 'ok';
  } catch (error) {
    if (error instanceof GuestErrno) return error.errno;
    throw error;
  }
};

/** insmod of a module that the image has. @param name as in /sys/module @returns false: the image has it not */
export const loadModule = async (port: GuestPort, name: string, deadlineMs: number): Promise<boolean> => {
  const paths = ((await contentOf(port, LIST)) ?? '').split('\n');
  const path = paths.find((each) => each.replaceAll('-', '_').endsWith(`/${name}.ko`));
  if (path === undefined) return false;
  await port.call('module.load', { path }, { deadlineMs });
  return true;
};
