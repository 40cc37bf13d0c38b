// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_err,
  dev_info,
  E,
  kfn,
  load,
  module_put,
  READ_ONCE,
  store,
  try_module_get,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  SCSI_DH_DEV_OFFLINED,
  SCSI_DH_DEV_UNSUPP,
  SCSI_DH_NOMEM,
  SCSI_DH_NOSYS,
  SCSI_DH_NOTCONN,
  SCSI_DH_OK,
  SCSI_DH_RES_TEMP_UNAVAIL,
  type activate_complete,
  type scsi_device_handler,
} from './device-handler.js';
import { SDEV_CANCEL, SDEV_DEL, SDEV_OFFLINE } from './device-states.js';
import { tpgsOf, type scsi_device } from './scsi-device.js';

const errnoOf = (error: number): number => {
  switch (error) {
    case SCSI_DH_NOMEM:
      return -E.ENOMEM;
    case SCSI_DH_RES_TEMP_UNAVAIL:
      return -E.EAGAIN;
    case SCSI_DH_DEV_UNSUPP:
    case SCSI_DH_NOSYS:
      return -E.ENODEV;
    default:
      return -E.EINVAL;
  }
};

/** Kernel: scsi_dh_handler_attach(), all versions. Context: may sleep. @returns 0 or -errno */
const scsi_dh_handler_attach = kfn(
  'scsi_dh_handler_attach',
  function* (sdev: scsi_device, handler: scsi_device_handler): Steps<number> {
    if (!(yield* try_module_get(handler.module))) return -E.EINVAL;
    const error = yield* handler.attach(sdev);
    if (error === SCSI_DH_OK) {
      yield* store(sdev, 'handler', handler);
      return 0;
    }
    const errno = errnoOf(error);
    if (errno !== -E.ENODEV) dev_err(sdev, `${handler.name}: Attach failed (${String(error)})`);
    yield* module_put(handler.module);
    return errno;
  },
);

/**
 * A handler is tried on every device with TPGS, if its module is loaded; that it does not attach is no
 * error. (Handlers of single vendors are not modelled.)
 * Kernel: scsi_dh_add_device(), all versions. Context: may sleep.
 */
export const scsi_dh_add_device = kfn('scsi_dh_add_device', function* (sdev: scsi_device): Steps<void> {
  const handler = tpgsOf(sdev.inquiry) === 0 ? undefined : sdev.core.scsi_dh_list.get('alua');
  if (handler !== undefined) yield* scsi_dh_handler_attach(sdev, handler);
});

/** Kernel: scsi_dh_attach(), all versions. Context: may sleep. @returns 0, -EINVAL no such handler, -EBUSY another one */
export const scsi_dh_attach = kfn('scsi_dh_attach', function* (sdev: scsi_device, name: string): Steps<number> {
  const handler = sdev.core.scsi_dh_list.get(name);
  if (handler === undefined) return -E.EINVAL;
  const attached = yield* load(sdev, 'handler');
  if (attached !== null) return attached === handler ? 0 : -E.EBUSY;
  return yield* scsi_dh_handler_attach(sdev, handler);
});

/** Kernel: scsi_dh_release_device(), all versions. Context: may sleep, last reference. */
export const scsi_dh_release_device = kfn('scsi_dh_release_device', function* (sdev: scsi_device): Steps<void> {
  const handler = yield* load(sdev, 'handler');
  if (handler === null) return;
  yield* handler.detach(sdev);
  dev_info(sdev, `${handler.name}: Detached`);
  yield* module_put(handler.module);
});

/**
 * Kernel: scsi_dh_activate(), all versions. Context: may sleep; the callback runs now or later.
 * @returns SCSI_DH_…
 */
export const scsi_dh_activate = kfn(
  'scsi_dh_activate',
  function* (sdev: scsi_device, fn: activate_complete | null): Steps<number> {
    const handler = yield* load(sdev, 'handler');
    const state = yield* READ_ONCE(sdev, 'sdev_state');
    let error: number | undefined;
    if (handler === null) error = SCSI_DH_NOSYS;
    else if (state === SDEV_CANCEL || state === SDEV_DEL) error = SCSI_DH_NOTCONN;
    else if (state === SDEV_OFFLINE) error = SCSI_DH_DEV_OFFLINED;
    if (handler !== null && error === undefined) return yield* handler.activate(sdev, fn);
    if (fn !== null) yield* fn(error ?? SCSI_DH_NOSYS);
    return error ?? SCSI_DH_NOSYS;
  },
);
