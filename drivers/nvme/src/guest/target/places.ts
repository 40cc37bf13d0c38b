// SPDX-License-Identifier: GPL-2.0-only
import { TARGET_NQN } from '../../topology.js';

const CONFIG = '/sys/kernel/config';

/** Where disks in memory are made. */
export const NULLB = `${CONFIG}/nullb`;
/** Where a target is made. */
export const TARGET = `${CONFIG}/nvmet`;
export const SUBSYSTEM = `${TARGET}/subsystems/${TARGET_NQN}`;
