// SPDX-License-Identifier: GPL-2.0-only
import { E, kstrtobool, load, store, type attribute, type Steps } from '@libmultipath/driver-kit';
import type { ControllerTexts } from './controller-identity.js';
import type { nvme_ns_ids } from './ns-ids.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';
import { identify_namespace } from './target.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/**
 * What the disk of a path and that of its head show of the namespace, both from the head.
 * @returns bytes in use, in blocks; -errno, or a positive status of the device
 */
export type UpdateNuse = () => Steps<number>;

const readOnly = (show: () => Steps<string | number>): attribute => ({ mode: 0o444, show });

/** Of ASCII text. Pure. */
const hex = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(2, '0')).join('');

/** Kernel: %pU of 16 bytes in hexadecimal. Pure. */
const dashed = (bytes: string): string => bytes.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Kernel: wwid_show(), all versions: the best identifier there is, or one made of what the subsystem says. Pure. */
export const wwid_of = (ids: nvme_ns_ids, { vendorId, serial, model }: ControllerTexts, nsid: number): string => {
  if (ids.uuid !== '') return `uuid.${dashed(ids.uuid)}\n`;
  if (ids.nguid !== '') return `eui.${ids.nguid}\n`;
  if (ids.eui64 !== '') return `eui.${ids.eui64}\n`;
  const four = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `nvme.${four(vendorId, 4)}-${hex(serial.trimEnd())}-${hex(model.trimEnd())}-${four(nsid, 8)}\n`;
};

/** One command of a head to the device, for `nuse`: how much of the namespace is in use. Kernel: nvme_identify_ns(). */
export function* identify_nuse(ctrl: nvme_ctrl, nsid: number): Steps<number> {
  const found = yield* identify_namespace(ctrl, nsid);
  if (typeof found === 'number') return found;
  // Nothing is provisioned thinly here: all of it is in use.
  return found === null ? -E.ENODEV : 0;
}

/** Up to 7.2 a status of the device is taken for a number of bytes. Part of nuse_show(). */
export const nuse_result_6_9 = (result: number): number => result;

/** Part of nuse_show(), 7.3. */
export const nuse_result_7_3 = (result: number): number => (result > 0 ? -E.EIO : result);

/** Part of a profile: what a reader of `nuse` gets where the device does not answer as it should. Pure. */
export type NuseResult = (result: number) => number;

/**
 * Attributes of head and path alike, by name. Where a namespace has no identifier of a kind, there is no attribute.
 * (The kernel asks the device for `nuse` at most once in five seconds and shows what it knows meanwhile; here it asks
 * each time.) Kernel: nvme_ns_attrs, all versions. They take no lock.
 */
const shows: Readonly<Record<string, (head: nvme_ns_head_base, update: UpdateNuse) => attribute>> = {
  wwid: (head) =>
    readOnly(function* () {
      return wwid_of(head.ids, head.subsys.texts, head.ns_id);
    }),
  nsid: (head) =>
    readOnly(function* () {
      return `${String(head.ns_id)}\n`;
    }),
  csi: (head) =>
    readOnly(function* () {
      return `${String(head.ids.csi)}\n`;
    }),
  // No namespace of the model has metadata.
  metadata_bytes: () =>
    readOnly(function* () {
      return '0\n';
    }),
  nuse: (head, update) =>
    readOnly(function* () {
      const error = head.subsys.core.parts.nuse_result(yield* update());
      return error === 0 ? `${String(head.nuse)}\n` : error;
    }),
  passthru_err_log_enabled: (head) => ({
    mode: 0o644,
    *show() {
      return (yield* load(head, 'passthru_err_log_enabled')) ? 'on\n' : 'off\n';
    },
    *store(buf) {
      const value = kstrtobool(buf);
      if (typeof value === 'number') return -E.EINVAL;
      yield* store(head, 'passthru_err_log_enabled', value);
      return buf.length;
    },
  }),
};

/** Those of the identifiers that the namespace has. Kernel: nvme_ns_attrs_are_visible(), all versions. */
const identifiers = ({ ids }: nvme_ns_head_base): Record<string, attribute> => {
  const { uuid, nguid, eui64 } = ids;
  const text = (value: string): attribute =>
    readOnly(function* () {
      return `${value}\n`;
    });
  return {
    ...(uuid === '' && nguid === '' ? {} : { uuid: text(dashed(uuid === '' ? nguid : uuid)) }),
    ...(nguid === '' ? {} : { nguid: text(dashed(nguid)) }),
    ...(eui64 === '' ? {} : { eui: text(eui64.replaceAll(/(..)(?=.)/g, '$1 ')) }),
  };
};

/** What a head's disk, or a path's, shows of the namespace, of these names. */
export const ns_attributes = (
  head: nvme_ns_head_base,
  names: readonly string[],
  update: UpdateNuse,
): Record<string, attribute> => {
  const made: Record<string, attribute> = identifiers(head);
  for (const name of names) {
    const make = shows[name];
    if (make !== undefined) made[name] = make(head, update);
  }
  return made;
};
