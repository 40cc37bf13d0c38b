// SPDX-License-Identifier: GPL-2.0-only
import type { MpathConfig } from '@libmultipath/cli';
import { nvmeDriver, nvmeErrors } from '@libmultipath/driver-nvme';
import { scsiDriver, scsiErrors } from '@libmultipath/driver-scsi';
import { virtioDriver, virtioErrors } from '@libmultipath/driver-virtio-blk';

/** The drivers that `mpath` knows. */
export default {
  drivers: [nvmeDriver, scsiDriver, virtioDriver],
  errors: [nvmeErrors, scsiErrors, virtioErrors],
} satisfies MpathConfig;
