// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  HZ,
  kstrtoint,
  kstrtouint,
  msecs_to_jiffies,
  makeStep,
  type attribute,
  type KObject,
  type Steps,
} from '@libmultipath/driver-kit';
import { u8 } from './bytes.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_disk } from './sd/scsi-disk.js';
import { SCSI_CMD_RETRIES_NO_LIMIT, SD_MAX_RETRIES } from './scsi-cmnd.js';

/** An attribute without a lock of its own: text, and for what can be written a store that gives 0 or -errno. */
const plain = (text: () => string, take?: (buf: string) => Steps<number>): attribute => ({
  mode: take === undefined ? 0o444 : 0o644,
  *show() {
    return `${text()}\n`;
  },
  ...(take === undefined
    ? {}
    : {
        *store(buf: string) {
          const error = yield* take(buf);
          return error < 0 ? error : buf.length;
        },
      }),
});

/** Writes a field; who decides by it reads it with what `beside` names. @returns 0 */
function* put<T extends KObject, F extends keyof T & string>(
  of: T,
  field: F,
  value: T[F],
  beside?: string,
): Steps<number> {
  const also = beside === undefined ? [] : [{ object: of, field: beside, access: 'write' } as const];
  yield makeStep('WRITE_ONCE', of, field, 'write', { also });
  of[field] = value;
  return 0;
}

function* refusal(error: number): Steps<number> {
  return error;
}

const constant = (text: string): attribute => plain(() => text);

/** What simple_strtoul() makes of text that does not begin with a digit is 0. */
const strtoul = (buf: string): number => {
  const [, hex, digits] = /^(?:0x([0-9a-f]+)|(\d+))/i.exec(buf) ?? [];
  return hex === undefined ? Number(digits ?? 0) : Number.parseInt(hex, 16);
};

/** CmdQue of INQUIRY. */
const TAGGED = 0x02;

const storeQueueDepth = (sdev: scsi_device, buf: string): Steps<number> => {
  const { adapter } = sdev.nexus;
  const depth = strtoul(buf);
  if (depth < 1 || depth > adapter.canQueue) return refusal(-E.EINVAL);
  return put(sdev, 'queue_depth', adapter.depthFor(depth), 'device_busy');
};

const storeTimeout = (sdev: scsi_device, buf: string): Steps<number> => {
  const secs = sdev.core.parts.timeout_secs(buf);
  return secs < 0 ? refusal(secs) : put(sdev, 'rq_timeout_s', secs, 'sdkp');
};

const storeEhTimeout = (sdev: scsi_device, buf: string): Steps<number> => {
  const value = kstrtouint(buf, 10);
  if (value < 0) return refusal(value);
  return put(sdev, 'eh_timeout_s', value);
};

const storeRampUp = (sdev: scsi_device, buf: string): Steps<number> => {
  const value = kstrtouint(buf, 10);
  if (value < 0) return refusal(-E.EINVAL);
  return put(sdev, 'queue_ramp_up_period_ms', (msecs_to_jiffies(value) * 1000) / HZ);
};

const isTagged = ({ inquiry }: scsi_device): boolean => (u8(inquiry, 7) & TAGGED) !== 0;

/** SCSI level as the kernel counts: one more than the standard's number, from 2 on. Kernel: scsi_probe_lun(). */
const levelOf = ({ inquiry }: scsi_device): number => {
  const version = u8(inquiry, 2) & 0x0f;
  const isLater = version >= 2 || (version === 1 && (u8(inquiry, 3) & 0x0f) === 1);
  return isLater ? version + 1 : version;
};

/** Kernel: scsi_sdev_attrs, of those that nothing else in the model reads. */
export const sdev_tunables = (sdev: scsi_device): Readonly<Record<string, attribute>> => ({
  scsi_level: plain(() => String(levelOf(sdev))),
  device_blocked: plain(() => String(sdev.device_blocked.counter)),
  device_busy: plain(() => String(sdev.device_busy)),
  timeout: plain(
    () => String(sdev.rq_timeout_s),
    (buf) => storeTimeout(sdev, buf),
  ),
  eh_timeout: plain(
    () => String(sdev.eh_timeout_s),
    (buf) => storeEhTimeout(sdev, buf),
  ),
  iocounterbits: constant('32'),
  modalias: plain(() => `scsi:t-0x${sdev.type.toString(16).padStart(2, '0')}`),
  queue_depth: plain(
    () => String(sdev.queue_depth),
    (buf) => storeQueueDepth(sdev, buf),
  ),
  queue_type: plain(
    () => (isTagged(sdev) ? 'simple' : 'none'),
    () => refusal(isTagged(sdev) ? 0 : -E.EINVAL),
  ),
  queue_ramp_up_period: plain(
    () => String(sdev.queue_ramp_up_period_ms),
    (buf) => storeRampUp(sdev, buf),
  ),
  blacklist: constant(sdev.nexus.adapter.blacklist),
  evt_media_change: constant('0'),
  evt_inquiry_change_reported: constant('0'),
  evt_capacity_change_reported: constant('0'),
  evt_soft_threshold_reached: constant('0'),
  evt_mode_parameter_change_reported: constant('0'),
  evt_lun_change_reported: constant('0'),
});

const storeMaxRetries = (sdkp: scsi_disk, buf: string): Steps<number> => {
  const { error, value } = kstrtoint(buf, 10);
  if (error !== 0) return refusal(error);
  if (value !== SCSI_CMD_RETRIES_NO_LIMIT && value > SD_MAX_RETRIES) return refusal(-E.EINVAL);
  return put(sdkp, 'max_retries', value);
};

const storeMediumTimeouts = (sdkp: scsi_disk, buf: string): Steps<number> => {
  const value = kstrtouint(buf, 10);
  if (value < 0) return refusal(value);
  return put(sdkp, 'max_medium_access_timeouts', value, 'medium_access_timed_out');
};

/** Attributes of the class device scsi_disk. Kernel: sd_disk_attrs, of a disk without protection, provisioning and zones. */
export const sd_disk_tunables = (sdkp: scsi_disk): Readonly<Record<string, attribute>> => {
  const { adapter } = sdkp.device.nexus;
  return {
    cache_type: constant(adapter.cacheType),
    FUA: constant(adapter.hasFua ? '1' : '0'),
    allow_restart: constant('0'),
    manage_start_stop: constant('0'),
    protection_type: constant('0'),
    protection_mode: constant('none'),
    app_tag_own: constant('0'),
    thin_provisioning: constant(adapter.provisioning === 'full' ? '0' : '1'),
    provisioning_mode: constant(adapter.provisioning),
    zoned_cap: constant('none'),
    max_medium_access_timeouts: plain(
      () => String(sdkp.max_medium_access_timeouts),
      (buf) => storeMediumTimeouts(sdkp, buf),
    ),
    max_retries: plain(
      () => String(sdkp.max_retries),
      (buf) => storeMaxRetries(sdkp, buf),
    ),
  };
};

/** Attributes of the class device scsi_host. Kernel: scsi_sysfs_shost_attrs. */
export const shost_tunables = (sdev: scsi_device): Readonly<Record<string, attribute>> => {
  const { adapter } = sdev.nexus;
  return {
    proc_name: constant(adapter.procName),
    can_queue: constant(String(adapter.canQueue)),
    cmd_per_lun: constant(String(adapter.cmdPerLun)),
    active_mode: constant('Initiator'),
    supported_mode: constant('Initiator'),
    eh_deadline: constant('off'),
    host_busy: plain(() => String(sdev.host.host_busy)),
    use_blk_mq: constant('1'),
    state: plain(() => sdev.host.stateName),
  };
};
