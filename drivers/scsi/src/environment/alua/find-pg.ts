// SPDX-License-Identifier: GPL-2.0-only
import {
  dev_info,
  kfn,
  kfree,
  kref_get_unless_zero,
  kzalloc,
  list_add,
  list_first_entry_or_null,
  list_next_or_null,
  spin_lock,
  spin_unlock,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_core } from '../scsi-core.js';
import type { scsi_device } from '../scsi-device.js';
import { scsi_vpd_lun_id } from '../vpd-fetch.js';
import { ALUA_OPTIMIZE_STPG, alua_port_group } from './port-group.js';

/**
 * A group without an identification is never found.
 * Kernel: alua_find_get_pg(), all versions. Context: `port_group_lock` held.
 * References: one on the group that is found.
 */
export const alua_find_get_pg = kfn(
  'alua_find_get_pg',
  function* (core: scsi_core, id_str: string, group_id: number): Steps<alua_port_group | null> {
    if (id_str === '') return null;
    let pg = yield* list_first_entry_or_null(core.port_group_list);
    for (; pg !== null; pg = yield* list_next_or_null(core.port_group_list, pg.node)) {
      if (pg.group_id !== group_id || pg.device_id_str !== id_str) continue;
      if (yield* kref_get_unless_zero(pg.kref)) return pg;
    }
    return null;
  },
);

/**
 * The group of the device: one that exists, or a new one that is taken to be optimized.
 * Kernel: alua_alloc_pg(), all versions. Context: may sleep. References: one on the group.
 */
export const alua_alloc_pg = kfn(
  'alua_alloc_pg',
  function* (
    sdev: scsi_device,
    group_id: number,
    tpgs: number,
    work: (pg: alua_port_group) => Steps<void>,
  ): Steps<alua_port_group> {
    const { core } = sdev;
    const { size, buffer } = yield* scsi_vpd_lun_id(sdev);
    if (size <= 0) dev_info(sdev, 'alua: No device descriptors found');
    const id_str = size <= 0 ? '' : buffer.slice(0, size);
    const pg = yield* kzalloc(() => new alua_port_group(core, id_str, group_id, tpgs, work));
    if (core.optimize_stpg) pg.flags |= ALUA_OPTIMIZE_STPG;
    yield* spin_lock(core.port_group_lock);
    const known = yield* alua_find_get_pg(core, id_str, group_id);
    if (known === null) yield* list_add(pg.node, core.port_group_list);
    yield* spin_unlock(core.port_group_lock);
    if (known === null) return pg;
    yield* kfree(pg);
    return known;
  },
);
