// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, rcu_dereference, store, type Steps } from '@libmultipath/driver-kit';
import { SCSI_ACCESS_STATE_TRANSITIONING } from '../access-states.js';
import type { scsi_disposition } from '../disposition.js';
import { with_rcu } from '../rcu.js';
import type { scsi_device } from '../scsi-device.js';
import { isSense, type scsi_sense_hdr } from '../sense.js';
import { NOT_READY, UNIT_ATTENTION } from '../status-codes.js';
import { alua_check } from './alua-check.js';
import { dataOf } from './dh-data.js';

/** Unit attentions after which a command is simply sent again: asc and ascq. */
const justRetried: readonly (readonly [number, number])[] = [
  [0x29, 0x04],
  [0x2a, 0x01],
  [0x3f, 0x03],
  [0x3f, 0x0e],
];
/** Unit attentions after which the group is looked at as well. */
const rechecked: readonly (readonly [number, number])[] = [
  [0x29, 0x00],
  [0x2a, 0x06],
  [0x2a, 0x07],
];

const among = ({ asc, ascq }: scsi_sense_hdr, list: readonly (readonly [number, number])[]): boolean =>
  list.some(([a, q]) => a === asc && q === ascq);

/** The group's own state changes without its lock; the devices' bytes do not. */
const alua_handle_state_transition = kfn('alua_handle_state_transition', function* (sdev: scsi_device): Steps<void> {
  yield* with_rcu(function* () {
    const h = dataOf(yield* load(sdev, 'handler_data'));
    const pg = h === null ? null : yield* rcu_dereference(h, 'pg');
    if (pg !== null) yield* store(pg, 'state', SCSI_ACCESS_STATE_TRANSITIONING);
  });
  yield* alua_check(sdev, false);
});

/** Kernel: alua_check_sense(), all versions. Context: atomic. */
export const alua_check_sense = kfn(
  'alua_check_sense',
  function* (sdev: scsi_device, sshdr: scsi_sense_hdr): Steps<scsi_disposition> {
    if (isSense(sshdr, NOT_READY, 0x04, 0x0a) || isSense(sshdr, UNIT_ATTENTION, 0x04, 0x0a)) {
      yield* alua_handle_state_transition(sdev);
      return 'NEEDS_RETRY';
    }
    if (sshdr.sense_key !== UNIT_ATTENTION) return 'SCSI_RETURN_NOT_HANDLED';
    if (among(sshdr, rechecked)) yield* alua_check(sdev, true);
    else if (!among(sshdr, justRetried)) return 'SCSI_RETURN_NOT_HANDLED';
    return 'ADD_TO_MLQUEUE';
  },
);
