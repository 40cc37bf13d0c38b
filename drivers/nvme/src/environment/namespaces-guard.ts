// SPDX-License-Identifier: GPL-2.0-only
import {
  down_read,
  down_write,
  KObject,
  type list_head,
  mutex,
  mutex_lock,
  mutex_unlock,
  rw_semaphore,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  synchronize_srcu,
  up_read,
  up_write,
  type Steps,
} from '@libmultipath/driver-kit';
import { list_splice_init, list_splice_init_after } from './list-splice.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** What protects the list of a controller's namespaces. */
export interface NamespacesGuard {
  /** @returns what {@link read_unlock} takes */
  read_lock(): Steps<number>;
  read_unlock(idx: number): Steps<void>;
  write_lock(): Steps<void>;
  write_unlock(): Steps<void>;
  /** Moves every path to a list of the caller's. Context: written to. */
  splice(from: Paths, to: Paths): Steps<void>;
}

type Paths = list_head<nvme_ns_base>;

/** `ctrl->namespaces_rwsem`, up to 6.10. */
export class rwsem_guard extends KObject implements NamespacesGuard {
  readonly namespaces_rwsem = new rw_semaphore(this);

  *read_lock(): Steps<number> {
    yield* down_read(this.namespaces_rwsem);
    return 0;
  }

  read_unlock(): Steps<void> {
    return up_read(this.namespaces_rwsem);
  }

  write_lock(): Steps<void> {
    return down_write(this.namespaces_rwsem);
  }

  write_unlock(): Steps<void> {
    return up_write(this.namespaces_rwsem);
  }

  splice(from: Paths, to: Paths): Steps<void> {
    return list_splice_init(from, to);
  }
}

/** `ctrl->srcu` for readers, `ctrl->namespaces_lock` for writers, who then wait for the readers. 6.11 and later. */
export class srcu_guard extends KObject implements NamespacesGuard {
  readonly namespaces_lock = new mutex(this);
  readonly srcu = new srcu_struct(this);
  // What the code is, no state of it.
  readonly #waits: boolean;

  /** @param waits does a splice wait for its readers? It waits for those of RCU, who are others */
  constructor(container: KObject, waits = false) {
    super(container);
    this.#waits = waits;
  }

  read_lock(): Steps<number> {
    return srcu_read_lock(this.srcu);
  }

  read_unlock(idx: number): Steps<void> {
    return srcu_read_unlock(this.srcu, idx);
  }

  write_lock(): Steps<void> {
    return mutex_lock(this.namespaces_lock);
  }

  *write_unlock(): Steps<void> {
    yield* mutex_unlock(this.namespaces_lock);
    yield* synchronize_srcu(this.srcu);
  }

  splice(from: Paths, to: Paths): Steps<void> {
    return this.#waits ? list_splice_init_after(from, to, synchronize_srcu(this.srcu)) : list_splice_init(from, to);
  }
}
