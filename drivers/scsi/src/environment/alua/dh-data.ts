// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../../errors.js';
import type { handler_data } from '../device-handler.js';
import { alua_dh_data } from './port-group.js';

/** The device's handler data as this handler made it. Errors: LMP-250 when another one did. */
export const dataOf = (data: handler_data | null): alua_dh_data | null => {
  if (data === null || data instanceof alua_dh_data) return data;
  throw errors.fail('LMP-250', { message: `${data.label} is no alua_dh_data`, todo: 'report this' });
};
