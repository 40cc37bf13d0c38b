// SPDX-License-Identifier: GPL-2.0-only

/* Numbers of the ioctls that the block layer serves itself: include/uapi/linux/{hdreg,fs,blkzoned,pr}.h. */

export const HDIO_GETGEO = 0x0301;
export const BLKRRPART = 0x125f;
export const BLKFLSBUF = 0x1261;
export const BLKREPORTZONE = 0xc0101282;
export const IOC_PR_REGISTER = 0x401870c8;
export const IOC_PR_RESERVE = 0x401070c9;
export const IOC_PR_RELEASE = 0x401070ca;
export const IOC_PR_PREEMPT = 0x401870cb;
export const IOC_PR_PREEMPT_ABORT = 0x401870cc;
export const IOC_PR_CLEAR = 0x401070cd;
export const IOC_PR_READ_KEYS = 0xc01070ce;
export const IOC_PR_READ_RESERVATION = 0x801070cf;

/** Flag of a registration: the old key is not looked at. */
export const PR_FL_IGNORE_KEY = 1;
/** Most keys that one IOC_PR_READ_KEYS may ask for. */
export const PR_KEYS_MAX_NUM = 1 << 16;
