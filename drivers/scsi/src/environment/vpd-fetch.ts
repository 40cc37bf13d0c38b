// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  E,
  kfn,
  kfree,
  kfree_rcu,
  kzalloc,
  mutex_lock,
  mutex_unlock,
  rcu_assign_pointer,
  rcu_dereference,
  type Steps,
} from '@libmultipath/driver-kit';
import { be16, slice, u8 } from './bytes.js';
import { scsi_execute_cmd } from './execute.js';
import { inquiry } from './opcodes.js';
import { with_rcu } from './rcu.js';
import type { scsi_device } from './scsi-device.js';
import { scsi_vpd } from './scsi-vpd.js';
import { vpdLunId, type LunId } from './vpd-lun-id.js';
import { vpdTpgId, type PortGroupId } from './vpd-tpg-id.js';

const HEADER = 4;
const LIST_SIZE = 36;
/** A device that claims more at each attempt is asked no longer: the kernel would go on for ever. */
const MAX_ATTEMPTS = 8;

interface Sent {
  /** Length that the page claims, header included; -EIO for a page that is not the one asked for, or empty. */
  readonly claimed: number;
  readonly data: readonly number[];
}

/** Kernel: scsi_vpd_inquiry(), all versions: the length is what the header says, whatever was sent. */
function* scsi_vpd_inquiry(sdev: scsi_device, page: number, length: number): Steps<Sent> {
  const { result, data } = yield* scsi_execute_cmd(sdev, inquiry(length, page), { timeoutS: 30, retries: 3 });
  const claimed = be16(data, 2);
  if (result !== 0 || u8(data, 1) !== page || claimed === 0) return { claimed: -E.EIO, data: [] };
  return { claimed: claimed + HEADER, data };
}

/** Length of the page, if page 0 lists it. Kernel: scsi_get_vpd_size(), all versions. @returns 0: no such page */
function* scsi_get_vpd_size(sdev: scsi_device, page: number): Steps<number> {
  if (page !== 0) {
    const list = yield* scsi_vpd_inquiry(sdev, 0, LIST_SIZE);
    if (list.claimed < HEADER) return 0;
    if (!slice(list.data, HEADER, Math.min(list.claimed, LIST_SIZE) - HEADER).includes(page)) return 0;
  }
  return Math.max(0, (yield* scsi_vpd_inquiry(sdev, page, HEADER)).claimed);
}

/**
 * The page as the device sends it now. Fewer bytes than it claims are made up with zeroes; the kernel
 * has there what the memory held.
 * Kernel: scsi_get_vpd_buf(), all versions. Context: may sleep.
 */
const scsi_get_vpd_buf = kfn('scsi_get_vpd_buf', function* (sdev: scsi_device, page: number): Steps<scsi_vpd | null> {
  let length = yield* scsi_get_vpd_size(sdev, page);
  for (let attempt = 0; attempt < MAX_ATTEMPTS && length > 0; attempt++) {
    const { claimed, data } = yield* scsi_vpd_inquiry(sdev, page, length);
    if (claimed < 0) return null;
    if (claimed <= length) return yield* kzalloc(() => new scsi_vpd(claimed, slice(data, 0, claimed)));
    length = claimed;
  }
  return null;
});

/** A page that nobody can find any more; null: there was none. Kernel: kfree_rcu() on it. Context: any. */
export function* free_page(page: scsi_vpd | null): Steps<void> {
  if (page !== null) yield* kfree_rcu(page, page.rcu);
}

const kept = { 0x00: 'vpd_pg0', 0x80: 'vpd_pg80', 0x83: 'vpd_pg83' } as const;
type Kept = (typeof kept)[keyof typeof kept];

const fieldOf = (page: number): Kept | undefined => {
  if (page === 0x00 || page === 0x80 || page === 0x83) return kept[page];
  return undefined;
};

/** Kernel: scsi_update_vpd_page(), all versions: a page that cannot be read now stays as it was. Context: may sleep. */
const scsi_update_vpd_page = kfn(
  'scsi_update_vpd_page',
  function* (sdev: scsi_device, page: number, field: Kept): Steps<void> {
    const fresh = yield* scsi_get_vpd_buf(sdev, page);
    if (fresh === null) return;
    yield* mutex_lock(sdev.inquiry_mutex);
    const old = yield* rcu_dereference(sdev, field);
    yield* rcu_assign_pointer(sdev, field, fresh);
    yield* mutex_unlock(sdev.inquiry_mutex);
    yield* free_page(old);
  },
);

/** Reads the pages that page 0 lists, of those that the model keeps. Kernel: scsi_attach_vpd(), all versions. */
export const scsi_attach_vpd = kfn('scsi_attach_vpd', function* (sdev: scsi_device): Steps<void> {
  const list = yield* scsi_get_vpd_buf(sdev, 0);
  if (list === null) return;
  for (const page of list.data.slice(HEADER, list.len)) {
    const field = fieldOf(page);
    if (field !== undefined) yield* scsi_update_vpd_page(sdev, page, field);
  }
  yield* kfree(list);
});

/** A page that lies about its length makes the kernel read behind it. */
const reportBeyond = (sdev: scsi_device, fn: string, outOfBounds: boolean): void => {
  if (outOfBounds) currentMachine().report('out-of-bounds', `KASAN: slab-out-of-bounds in ${fn}`, sdev);
};

/** Kernel: scsi_vpd_lun_id(), all versions. Context: any. */
export const scsi_vpd_lun_id = kfn('scsi_vpd_lun_id', (sdev: scsi_device, sizeBytes?: number): Steps<LunId> =>
  with_rcu(function* () {
    const id = vpdLunId(yield* rcu_dereference(sdev, 'vpd_pg83'), sizeBytes);
    reportBeyond(sdev, 'scsi_vpd_lun_id', id.outOfBounds);
    return id;
  }),
);

/** Kernel: scsi_vpd_tpg_id(), all versions. Context: any. */
export const scsi_vpd_tpg_id = kfn('scsi_vpd_tpg_id', (sdev: scsi_device): Steps<PortGroupId> =>
  with_rcu(function* () {
    const id = vpdTpgId(yield* rcu_dereference(sdev, 'vpd_pg83'));
    reportBeyond(sdev, 'scsi_vpd_tpg_id', id.outOfBounds);
    return id;
  }),
);
