// SPDX-License-Identifier: GPL-2.0-only

/** Name of a head disk, `nvme<subsystem>n<head>`. */
export interface HeadName {
  readonly subsystem: number;
  readonly instance: number;
}

/** Name of a path disk under a head, `nvme<subsystem>c<controller>n<head>`. */
export interface PathName extends HeadName {
  readonly controller: number;
}

const HEAD = /^nvme(\d+)n(\d+)$/;
const PATH = /^nvme(\d+)c(\d+)n(\d+)$/;
const CONTROLLER = /^nvme(\d+)$/;

/** `undefined`: it is no head's name. */
export const parseHeadName = (name: string): HeadName | undefined => {
  const match = HEAD.exec(name);
  return match === null ? undefined : { subsystem: Number(match[1]), instance: Number(match[2]) };
};

/** `undefined`: it is no path's name. */
export const parsePathName = (name: string): PathName | undefined => {
  const match = PATH.exec(name);
  return match === null
    ? undefined
    : { subsystem: Number(match[1]), controller: Number(match[2]), instance: Number(match[3]) };
};

/** Instance of a controller, of `nvme<instance>`. */
export const parseControllerName = (name: string): number | undefined => {
  const match = CONTROLLER.exec(name);
  return match === null ? undefined : Number(match[1]);
};
