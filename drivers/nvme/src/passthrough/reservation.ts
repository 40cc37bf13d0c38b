// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_SC_INVALID_FIELD,
  NVME_SC_INVALID_OPCODE,
  NVME_SC_RESERVATION_CONFLICT,
  NVME_SC_SUCCESS,
  NVME_STATUS_DNR,
} from '../environment/constants.js';
import type { NamespaceMedia, nvme_reservation } from '../environment/hardware.js';

/** A change of the reservation, in one step. @returns the command's status */
export function* on_reservation(
  media: NamespaceMedia,
  op: string,
  body: (at: nvme_reservation) => number,
): Steps<number> {
  const { reservation: at } = media;
  if (!media.hasReservations) return NVME_SC_INVALID_OPCODE | NVME_STATUS_DNR;
  const step = makeStep(op, at, 'key', 'update', { ordering: 'full' });
  yield step;
  const status = body(at);
  step.value = status;
  return status;
}

/** Reservation Register: a new key, or another; 0 takes it away, and the reservation with it. */
export const register =
  (old_key: number, new_key: number, replace: boolean, ignore: boolean) =>
  (at: nvme_reservation): number => {
    if (replace ? !ignore && at.key !== old_key : at.key !== 0 && at.key !== new_key) {
      return NVME_SC_RESERVATION_CONFLICT;
    }
    at.key = new_key;
    if (new_key === 0) at.type = 0;
    at.generation++;
    return NVME_SC_SUCCESS;
  };

/** Reservation Acquire: of one's own only the same type again. */
export const acquire =
  (key: number, type: number) =>
  (at: nvme_reservation): number => {
    if (at.key === 0 || at.key !== key || (at.type !== 0 && at.type !== type)) return NVME_SC_RESERVATION_CONFLICT;
    at.type = type;
    return NVME_SC_SUCCESS;
  };

/** Reservation Acquire, preempting: with one host the only one who can be preempted is oneself. */
export const preempt =
  (old_key: number, new_key: number, type: number) =>
  (at: nvme_reservation): number => {
    if (at.key === 0 || at.key !== old_key) return NVME_SC_RESERVATION_CONFLICT;
    at.generation++;
    at.type = new_key === at.key ? type : 0;
    if (new_key !== at.key && new_key !== 0) at.key = new_key;
    return NVME_SC_SUCCESS;
  };

/** Reservation Release. Where nothing is held, nothing is to be done. */
export const release =
  (key: number, type: number, ignore: boolean) =>
  (at: nvme_reservation): number => {
    if (at.key === 0 || (!ignore && at.key !== key)) return NVME_SC_RESERVATION_CONFLICT;
    if (at.type !== 0 && at.type !== type) return NVME_SC_INVALID_FIELD;
    at.type = 0;
    return NVME_SC_SUCCESS;
  };

/** Reservation Release, clearing: registration and reservation. */
export const clear =
  (key: number, ignore: boolean) =>
  (at: nvme_reservation): number => {
    if (at.key === 0 || (!ignore && at.key !== key)) return NVME_SC_RESERVATION_CONFLICT;
    at.key = 0;
    at.type = 0;
    at.generation++;
    return NVME_SC_SUCCESS;
  };
