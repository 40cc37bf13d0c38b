// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type KObject, type Steps } from '@libmultipath/driver-kit';
import { nvme_get_ctrl, nvme_put_ctrl } from '../environment/ctrl-reference.js';
import { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { errors } from '../errors.js';
import { is_ctrl_ioctl } from '../passthrough/numbers.js';
import type { template_ns } from './nvme-ns.js';

/** The pair `ioctl_begin` and `ioctl_finish` of the template, since v2. */
export interface IoctlPair<D> {
  readonly ioctl_begin: (dev: D, cmd: number) => Steps<KObject | null>;
  readonly ioctl_finish: (opaque: KObject) => Steps<void>;
}

const wrongOpaque = (opaque: KObject): never => {
  throw errors.fail('LMP-202', { message: `${opaque.label} is no controller`, todo: 'report this' });
};

/**
 * An ioctl of the controller runs outside of the read section, so that it may delete namespaces; the controller
 * is kept meanwhile. The path is not, and the ioctl begins with reading it.
 * Kernel: nvme_mpath_ioctl_begin(), nvme_mpath_ioctl_finish(), NVMe v2 and v3.
 */
export const ioctl_holds_controller = <D extends KObject>(ns_of: (dev: D) => template_ns): IoctlPair<D> => ({
  ioctl_begin: kfn('nvme_mpath_ioctl_begin', function* (dev: D, cmd: number): Steps<KObject | null> {
    const ctrl = yield* load(ns_of(dev), 'ctrl');
    if (!is_ctrl_ioctl(cmd)) return null;
    yield* nvme_get_ctrl(ctrl);
    return ctrl;
  }),
  ioctl_finish: kfn('nvme_mpath_ioctl_finish', (opaque: KObject): Steps<void> =>
    opaque instanceof nvme_ctrl ? nvme_put_ctrl(opaque) : wrongOpaque(opaque),
  ),
});
