// SPDX-License-Identifier: GPL-2.0-only
import { bio, KObject, makeStep, type Steps } from '@libmultipath/driver-kit';
import type { nvme_request } from './request.js';

/**
 * The reservation of a namespace, as the device keeps it. A registrant is a host, by its host identifier: all
 * controllers through which the one host of the model comes are the same registrant.
 */
export class nvme_reservation extends KObject {
  generation = 0;
  /** Key of the host; 0: it is not registered. */
  key = 0;
  /** Type of the reservation that the host holds; 0: nobody holds one. */
  type = 0;
}

/** What a namespace holds, by block of 4 KiB: the same for every controller that reaches it. */
export class NamespaceMedia extends KObject {
  readonly blocks = new Map<number, string>();
  readonly reservation = new nvme_reservation(this);
  /** Does the device know reservations? Set it before anything runs. */
  hasReservations = true;
  /** Block of 4 KiB that cannot be read or written. Set it before anything runs. */
  badBlock: number | undefined;
  /** Length of its zones; 0: it has none. Set it before anything runs. */
  zoneSectors = 0;

  constructor(
    readonly nsid: number,
    readonly capacitySectors: number,
  ) {
    super();
  }
}

/** A bio of one block with content. */
export class data_bio extends bio {
  /** What a write carries, and what a read brought; empty where nothing was ever written. */
  data = '';
}

/**
 * The function itself, or the connection to a target: commands go in, completions come out. All of it is
 * looked at and changed under the field `sq`, so a change of its mode is ordered with every command.
 */
export class nvme_hw extends KObject {
  /** Commands fetched and not completed. */
  readonly sq: nvme_request[] = [];
  /** Requests that the block layer keeps back: the queues are quiesced, or they may be tried again later. */
  readonly held: nvme_request[] = [];
  /** Status that the next commands end with, for tests of the error paths. */
  readonly nextStatus: number[] = [];
  /** blk_mq_quiesce_queue() of the I/O queues. */
  quiesced = false;
  /** How many requests its queue has room for; undefined: as many as come. Set it before anything runs. */
  tags: number | undefined;
  /** How many of them are taken. */
  tagsTaken = 0;
  /** NVMEQ_ENABLED, NVME_TCP_Q_LIVE: without it a request that is not kept back is refused. */
  enabled = true;
  /** The device completes nothing. */
  stalled = false;
  /** Namespaces whose disk keeps what it is given, by number: their commands are not completed. */
  readonly blocked = new Set<number>();
  /** It becomes ready when it is enabled; a target can be reached. */
  ready = true;
  /** It never becomes ready again. */
  broken = false;
  /** The disk of a path of it cannot be added: memory is short. A field of its own for who looks. */
  refuses_disk = false;
}

/** What became of a request that was given to the hardware. */
export type Taken = 'taken' | 'held' | 'refused';

/** Kernel: nvme_sq_copy_cmd() with the doorbell, or what the block layer and the driver do instead. */
export function* nvme_submit_cmd(hw: nvme_hw, rq: nvme_request): Steps<Taken> {
  const step = makeStep('nvme_submit_cmd', hw, 'sq', 'update', { ordering: 'full' });
  yield step;
  if (hw.quiesced) {
    hw.held.push(rq);
    return 'held';
  }
  if (!hw.enabled) return 'refused';
  hw.sq.push(rq);
  return 'taken';
}

/** Changes the mode of the hardware, in one step. @returns what `change` gave */
export function* change_hw<T>(op: string, hw: nvme_hw, change: (hw: nvme_hw) => T): Steps<T> {
  yield makeStep(op, hw, 'sq', 'update', { ordering: 'full' });
  return change(hw);
}

/**
 * The request has a place in the queue from here on: who finds none waits for one, inside the path's queue. Kernel:
 * blk_mq_get_tag(). (All submitters share one queue here; a scenario that counts places reads from one CPU.)
 */
export function* blk_mq_get_tag(hw: nvme_hw): Steps<void> {
  const { tags } = hw;
  if (tags === undefined) return;
  yield* wait_for_hw('blk_mq_get_tag', hw, ({ tagsTaken }) => tagsTaken < tags);
  hw.tagsTaken++;
}

/** Kernel: blk_mq_put_tag(). */
export function* blk_mq_put_tag(hw: nvme_hw): Steps<void> {
  if (hw.tags === undefined) return;
  yield* change_hw('blk_mq_put_tag', hw, () => {
    hw.tagsTaken--;
  });
}

/** Waits until the condition holds; it may look at the hardware only. */
export function* wait_for_hw(op: string, hw: nvme_hw, condition: (hw: nvme_hw) => boolean): Steps<void> {
  yield makeStep(op, hw, 'sq', 'update', { ordering: 'full', enabled: () => condition(hw) });
}
