// SPDX-License-Identifier: GPL-2.0-only

/** Attributes and groups that tell kernels apart; what a disk has of them is the observation `attributes`. */
export const ATTRIBUTE_NAMES: readonly string[] = [
  'ana_grpid',
  'ana_state',
  'csi',
  'delayed_removal_secs',
  'diag',
  'eui',
  'iopolicy',
  'metadata_bytes',
  'multipath',
  'nguid',
  'nsid',
  'numa_nodes',
  'nuse',
  'passthru_err_log_enabled',
  'queue_depth',
  'uuid',
  'wwid',
];

/** Group whose files are listed one by one. */
export const DIAG = 'diag';
