// SPDX-License-Identifier: GPL-2.0-only
export { head_of } from '../structures/mpath-device-with-head.js';
