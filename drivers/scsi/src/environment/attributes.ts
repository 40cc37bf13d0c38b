// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  get_device,
  load,
  mutex_lock,
  mutex_unlock,
  put_device,
  rcu_dereference,
  READ_ONCE,
  type attribute,
  type attribute_group,
  type Steps,
} from '@libmultipath/driver-kit';
import { accessStateName, SCSI_ACCESS_STATE_PREFERRED } from './access-states.js';
import { latin1, slice } from './bytes.js';
import { scsi_device_set_state } from './device-state.js';
import { SDEV_CANCEL, SDEV_DEL, SDEV_OFFLINE, SDEV_RUNNING, sdev_state_names } from './device-states.js';
import { dataAttribute } from './binary-attribute.js';
import { scsi_dh_attach } from './dh.js';
import { blk_mq_run_hw_queues_async } from './mq-lists.js';
import { with_rcu } from './rcu.js';
import { scsi_rescan_device } from './rescan.js';
import type { scsi_device } from './scsi-device.js';
import { sdev_tunables } from './tunables.js';
import { scsi_vpd_lun_id } from './vpd-fetch.js';

const PAGE_SIZE = 4096;

/** Only these two can be written, and only in one of them. Kernel: store_state_field(), all versions. */
function* store_state(sdev: scsi_device, buf: string): Steps<number> {
  const state = buf === 'running\n' ? SDEV_RUNNING : buf === 'offline\n' ? SDEV_OFFLINE : undefined;
  if (state === undefined) return -E.EINVAL;
  yield* mutex_lock(sdev.state_mutex);
  const before = yield* load(sdev, 'sdev_state');
  const legal = before === SDEV_RUNNING || before === SDEV_OFFLINE;
  const error = legal ? yield* scsi_device_set_state(sdev, state) : -E.EINVAL;
  if (error === 0 && before === SDEV_OFFLINE && state === SDEV_RUNNING) yield* sdev.core.mpath.runs_again(sdev);
  yield* mutex_unlock(sdev.state_mutex);
  if (error !== 0) return -E.EINVAL;
  if (before === SDEV_OFFLINE && state === SDEV_RUNNING) {
    yield* blk_mq_run_hw_queues_async(sdev.request_queue);
    yield* scsi_rescan_device(sdev);
  }
  return buf.length;
}

/** Attaches the handler, or activates the one that is there. Kernel: sdev_store_dh_state(), all versions. */
function* store_dh_state(sdev: scsi_device, buf: string): Steps<number> {
  const state = yield* READ_ONCE(sdev, 'sdev_state');
  if (state === SDEV_CANCEL || state === SDEV_DEL) return -E.ENODEV;
  const handler = yield* load(sdev, 'handler');
  let error: number = -E.EINVAL;
  if (handler === null) error = yield* scsi_dh_attach(sdev, buf.trimEnd());
  else if (buf.startsWith('activate')) error = yield* handler.activate(sdev, null);
  return error < 0 ? error : buf.length;
}

const show = (text: () => Steps<string | number>): attribute => ({ mode: 0o444, show: text });

/** Text of an attribute that is there only with a handler: -EINVAL without one. */
const withHandler = (sdev: scsi_device, text: (byte: number) => string): attribute =>
  show(function* () {
    if ((yield* load(sdev, 'handler')) === null) return -E.EINVAL;
    return `${text(yield* READ_ONCE(sdev, 'access_state'))}\n`;
  });

/** INQUIRY text of a fixed field, as it came. Kernel: `"%.8s\n"`, which ends at a NUL. */
const inquiryText = (sdev: scsi_device, at: number, length: number): attribute =>
  show(function* () {
    return `${latin1(slice(sdev.inquiry, at, length)).split('\0', 1)[0] ?? ''}\n`;
  });

/** A VPD page as it is kept, byte for byte; there only when the device had it when it was added. */
const vpd = (sdev: scsi_device, field: 'vpd_pg0' | 'vpd_pg80' | 'vpd_pg83'): attribute =>
  dataAttribute(() =>
    with_rcu(function* () {
      const page = yield* rcu_dereference(sdev, field);
      return page === null ? -E.EINVAL : page.data;
    }),
  );

/** Attributes of the device that multipath and its tests read. Kernel: scsi_sdev_attr_group, all versions. */
export const sdev_attributes = (sdev: scsi_device): attribute_group => ({
  attrs: {
    ...sdev_tunables(sdev),
    type: show(function* () {
      return `${String(sdev.type)}\n`;
    }),
    vendor: inquiryText(sdev, 8, 8),
    model: inquiryText(sdev, 16, 16),
    rev: inquiryText(sdev, 32, 4),
    state: {
      mode: 0o644,
      *show() {
        return `${sdev_state_names.get(yield* READ_ONCE(sdev, 'sdev_state')) ?? ''}\n`;
      },
      store: (buf) => store_state(sdev, buf),
    },
    wwid: show(function* () {
      const { size, buffer } = yield* scsi_vpd_lun_id(sdev, PAGE_SIZE);
      return size > 0 ? `${buffer.slice(0, size)}\n` : size;
    }),
    dh_state: {
      mode: 0o644,
      *show() {
        return `${(yield* load(sdev, 'handler'))?.name ?? 'detached'}\n`;
      },
      store: (buf) => store_dh_state(sdev, buf),
    },
    access_state: withHandler(sdev, accessStateName),
    preferred_path: withHandler(sdev, (byte) => ((byte & SCSI_ACCESS_STATE_PREFERRED) === 0 ? '0' : '1')),
    rescan: {
      mode: 0o200,
      *store(buf) {
        yield* get_device(sdev.sdev_gendev);
        yield* scsi_rescan_device(sdev);
        yield* put_device(sdev.sdev_gendev);
        return buf.length;
      },
    },
    inquiry: dataAttribute(function* () {
      return sdev.inquiry;
    }),
    vpd_pg0: vpd(sdev, 'vpd_pg0'),
    vpd_pg80: vpd(sdev, 'vpd_pg80'),
    vpd_pg83: vpd(sdev, 'vpd_pg83'),
  },
  is_visible: (name) => {
    if (name === 'vpd_pg0' || name === 'vpd_pg80' || name === 'vpd_pg83') return sdev[name] !== null;
    return true;
  },
});
