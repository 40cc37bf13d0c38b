// SPDX-License-Identifier: GPL-2.0-only
import { rcu_read_lock, rcu_read_unlock, type Steps } from '@libmultipath/driver-kit';

/** Kernel: rcu_read_lock() … rcu_read_unlock() around the body, which must not sleep. Context: any. */
export function* with_rcu<T>(body: () => Steps<T>): Steps<T> {
  yield* rcu_read_lock();
  const value = yield* body();
  yield* rcu_read_unlock();
  return value;
}
