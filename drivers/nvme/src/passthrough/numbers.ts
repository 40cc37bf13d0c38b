// SPDX-License-Identifier: GPL-2.0-only

/* Numbers of include/uapi/linux/nvme_ioctl.h and include/linux/nvme.h, as far as the model has the commands. */

export const NVME_IOCTL_ID = 0x4e40;
export const NVME_IOCTL_ADMIN_CMD = 0xc048_4e41;
export const NVME_IOCTL_SUBMIT_IO = 0x4030_4e42;
export const NVME_IOCTL_IO_CMD = 0xc048_4e43;
export const NVME_IOCTL_ADMIN64_CMD = 0xc050_4e47;
export const NVME_IOCTL_IO64_CMD = 0xc050_4e48;
export const NVME_IOCTL_IO64_CMD_VEC = 0xc050_4e49;
export const NVME_URING_CMD_IO = 0xc048_4e80;
export const NVME_URING_CMD_IO_VEC = 0xc048_4e81;

export const nvme_cmd_flush = 0x00;
export const nvme_cmd_write = 0x01;
export const nvme_cmd_read = 0x02;
export const nvme_cmd_compare = 0x05;
export const nvme_cmd_vendor_start = 0x80;
export const nvme_fabrics_command = 0x7f;
export const nvme_admin_identify = 0x06;
export const nvme_admin_set_features = 0x09;

/** Identify: which data structure. Those that anybody may ask for. */
export const identifyForAll: readonly number[] = [0x00, 0x01, 0x05, 0x06, 0x08];
/** Features that the driver manages itself, so nobody else sets them (7.x): host behaviour, HMB, queues, APST. */
export const featuresOfDriver: readonly number[] = [0x16, 0x0d, 0x07, 0x0c];
/** Number of queues. */
export const NVME_FEAT_NUM_QUEUES = 0x07;
export const nvme_admin_vendor_start = 0xc0;
/** Keep-alive timer: as those above, but for fabrics. */
export const NVME_FEAT_KATO = 0x0f;

/** Is it for the controller, not for the namespace? Kernel: is_ctrl_ioctl(), but for SED. Pure. */
export const is_ctrl_ioctl = (cmd: number): boolean => cmd === NVME_IOCTL_ADMIN_CMD || cmd === NVME_IOCTL_ADMIN64_CMD;
