// SPDX-License-Identifier: GPL-2.0-only

/** Group of our probes in tracefs. */
export const PROBE_GROUP = 'mpath';

export interface Probe {
  readonly event: string;
  readonly symbol: string;
  readonly on: 'entry' | 'return';
  /** Arguments to fetch. */
  readonly fetch?: string;
}

const entry = (event: string, symbol: string): Probe => ({ event, symbol, on: 'entry' });
const leave = (event: string, symbol: string): Probe => ({ event, symbol, on: 'return' });

/** Whether a controller is being scanned. In every kernel with native multipath. */
export const SCAN = [entry('scan', 'nvme_scan_work'), leave('scan_done', 'nvme_scan_work')] as const;
/** Whether a new head is being searched for partitions: I/O that is not the scenario's. */
export const PARTITIONS = [
  entry('partitions', 'nvme_partition_scan_work'),
  leave('partitions_done', 'nvme_partition_scan_work'),
] as const;
export const SET_LIVE = entry('set_live', 'nvme_mpath_set_live');
/** 7.x: the removal that the head's timer starts. */
export const REMOVE_HEAD_WORK = entry('remove_head_work', 'nvme_remove_head_work');
/** A controller is to enter a state. */
export const CTRL_STATE: Probe = {
  ...entry('ctrl_state', 'nvme_change_ctrl_state'),
  fetch: 'ctrl=$arg1:x64 state=$arg2:u32',
};
/** Whether it has entered it. */
export const CTRL_STATE_DONE: Probe = {
  ...leave('ctrl_state_done', 'nvme_change_ctrl_state'),
  fetch: 'moved=$retval:u8',
};
/** The head has dealt with a bio: remapped, parked or failed it. Only on while a read is about to be parked. */
export const SUBMITTED = leave('submitted', 'nvme_ns_head_submit_bio');

export const PROBES: readonly Probe[] = [
  ...SCAN,
  ...PARTITIONS,
  SET_LIVE,
  REMOVE_HEAD_WORK,
  CTRL_STATE,
  CTRL_STATE_DONE,
  SUBMITTED,
];

/** A line for `kprobe_events`. */
export const probeLine = ({ event, symbol, on, fetch }: Probe): string =>
  `${on === 'entry' ? 'p' : 'r'}:${PROBE_GROUP}/${event} ${symbol}${fetch === undefined ? '' : ` ${fetch}`}\n`;
