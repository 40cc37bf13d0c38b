// SPDX-License-Identifier: GPL-2.0-only
import { atomic_inc, blk_queue_exit, kfn, REQ_NOWAIT, REQ_POLLED, type Steps } from '@libmultipath/driver-kit';
import { nvme_mpath_end_request } from '../environment/accounting.js';
import { note_ana_error } from '../environment/ana.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_request } from '../environment/request.js';
import { steal_bio } from '../environment/steal-bio.js';
import type { NvmeConversion } from './library.js';
import { path_of } from './nvme-ns.js';

/**
 * First the choice is forgotten, then the state is in doubt: in between another CPU may choose the path again.
 * The bio was sent down as it is (no `clone_bio`), so it is taken out of the failed request, pointed back at the
 * head and parked; the request then ends as one that succeeded. (The path's counter is of v3's base; nobody can
 * read it on v1 and v2.)
 * Kernel: nvme_failover_req(), NVMe v1 to v3. Context: atomic.
 */
export const nvme_failover_req = kfn(
  'nvme_failover_req',
  function* (nvme: NvmeConversion, rq: nvme_request): Steps<void> {
    const ns = path_of(rq.ns);
    const head = head_of(ns);
    yield* nvme.clear_current_path(ns);
    yield* atomic_inc(ns.failover);
    yield* note_ana_error(rq);
    yield* steal_bio(nvme.requeue_list(head), rq, REQ_POLLED | REQ_NOWAIT);
    rq.status = 0;
    yield* nvme_mpath_end_request(rq);
    yield* blk_queue_exit(ns.disk.queue);
    yield* nvme.kick(head);
  },
);
