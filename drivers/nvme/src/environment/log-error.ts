// SPDX-License-Identifier: GPL-2.0-only
import { pr_err_ratelimited } from '@libmultipath/driver-kit';
import { NVME_STATUS_DNR, NVME_STATUS_MORE } from './constants.js';
import type { nvme_request } from './request.js';

const SECTOR_SIZE = 512;

const hex = (value: number): string => `0x${value.toString(16)}`;

/** In the words of a kernel without verbose errors; the path is named, not the head. Kernel: nvme_log_error(), all versions. */
export const nvme_log_error = ({ ns, bio, status }: nvme_request): void => {
  const blocks = bio.bi_size / SECTOR_SIZE;
  const opcode = (bio.bi_opf & 1) === 0 ? 2 : 1;
  const more = (status & NVME_STATUS_MORE) === 0 ? '' : 'MORE ';
  const dnr = (status & NVME_STATUS_DNR) === 0 ? '' : 'DNR ';
  pr_err_ratelimited(
    `${ns.disk.disk_name}: I/O Cmd(${hex(opcode)}) @ LBA ${String(bio.bi_sector)}, ${String(blocks)} blocks, ` +
      `I/O Error (sct ${hex((status >> 8) & 7)} / sc ${hex(status & 0xff)}) ${more}${dnr}`,
  );
};
