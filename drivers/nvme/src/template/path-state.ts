// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, READ_ONCE, test_bit, type mpath_device, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_ANA_OPTIMIZED,
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DELETING,
  NVME_CTRL_FAILFAST_EXPIRED,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
  NVME_NS_ANA_PENDING,
  NVME_NS_READY,
} from '../environment/constants.js';
import { container_of_device } from './nvme-ns.js';

/*
 * The three questions of the library about a path, answered from the state of its
 * controller. Context of each: any, inside an SRCU read section of the head.
 */

/** ANA states are not looked at. Kernel: nvme_mpath_is_disabled(), NVMe v3 (nvme_path_is_disabled() before). */
export const nvme_mpath_is_disabled = kfn('nvme_mpath_is_disabled', function* (dev: mpath_device): Steps<boolean> {
  const ns = container_of_device(dev);
  const state = yield* READ_ONCE(ns.ctrl, 'state');
  // A controller that is being deleted still completes I/O while it is connected.
  if (state !== NVME_CTRL_LIVE && state !== NVME_CTRL_DELETING) return true;
  if (yield* test_bit(NVME_NS_ANA_PENDING, ns, 'flags')) return true;
  return !(yield* test_bit(NVME_NS_READY, ns, 'flags'));
});

/** Looks neither at ANA_PENDING nor at READY. Kernel: nvme_mpath_is_optimized(), NVMe v3. */
export const nvme_mpath_is_optimized = kfn('nvme_mpath_is_optimized', function* (dev: mpath_device): Steps<boolean> {
  const ns = container_of_device(dev);
  if ((yield* READ_ONCE(ns.ctrl, 'state')) !== NVME_CTRL_LIVE) return false;
  return (yield* load(ns, 'ana_state')) === NVME_ANA_OPTIMIZED;
});

/** Is the controller live or on its way there, and has not failed fast? Kernel: nvme_mpath_available_path(), NVMe v3. */
export const nvme_mpath_available_path = kfn(
  'nvme_mpath_available_path',
  function* (dev: mpath_device): Steps<boolean> {
    const { ctrl } = container_of_device(dev);
    if (yield* test_bit(NVME_CTRL_FAILFAST_EXPIRED, ctrl, 'flags')) return false;
    const state = yield* READ_ONCE(ctrl, 'state');
    return state === NVME_CTRL_LIVE || state === NVME_CTRL_RESETTING || state === NVME_CTRL_CONNECTING;
  },
);
