// SPDX-License-Identifier: GPL-2.0-only
import type { MachinePort } from './machine-port.js';

/**
 * What the agent in the guest can do, as seen from the host: generic primitives, no
 * storage protocol in them. `harness` implements {@link GuestPort} over virtio-serial,
 * `vm-images/agent` answers. On the wire each call is one JSON line
 * `{"id":7,"op":"file.read","args":{…}}`, each answer one JSON line
 * `{"id":7,"ok":{…}}` or `{"id":7,"error":{"errno":"ENOENT","message":"open …"}}`;
 * a line `{"event":"…", …}` without id is an event.
 *
 * File content is a JSON string whose characters are bytes (latin1, U+0000 to U+00FF);
 * buffers for ioctl are lower-case hex.
 */
export interface GuestOps {
  /** Identity of the guest. */
  hello: { args: Record<string, never>; result: GuestHello };
  /**
   * Reads a regular, procfs, sysfs or tracefs file to its end, at most `maxBytes` (default
   * 1 MiB, at most 16). Opened with O_NONBLOCK, so a `trace_pipe` ends instead of waiting; an
   * `attribute`, which says EAGAIN of itself, is opened without it.
   */
  'file.read': { args: { path: string; maxBytes?: number; attribute?: boolean }; result: { data: string } };
  /**
   * One open/write/close. `append` opens with O_APPEND, otherwise O_TRUNC as `>` would (on
   * `kprobe_events` that removes every probe); `create` adds O_CREAT. With `offsetBytes` what is there stays, and the
   * data is written at that place.
   */
  'file.write': {
    args: { path: string; data: string; append?: boolean; create?: boolean; offsetBytes?: number };
    result: { written: number };
  };
  /** Kind of a path without following a last symbolic link; `kind: "absent"` is an answer, not an error. */
  'file.stat': {
    args: { path: string };
    result: {
      kind: 'file' | 'dir' | 'link' | 'block' | 'char' | 'other' | 'absent';
      mode: number;
      major: number;
      minor: number;
    };
  };
  /** Names in a directory, sorted bytewise, without `.` and `..`. */
  'dir.list': { args: { path: string }; result: { names: string[] } };
  'dir.make': { args: { path: string }; result: Record<string, never> };
  'dir.remove': { args: { path: string }; result: Record<string, never> };
  /** Target of a symbolic link; `resolve` gives the canonical absolute path instead. */
  'link.read': { args: { path: string; resolve?: boolean }; result: { target: string } };
  /** symlink(2): `path` then leads to `target`, which is kept as it is given. */
  'link.make': { args: { target: string; path: string }; result: Record<string, never> };
  /** unlink(2). */
  'link.remove': { args: { path: string }; result: Record<string, never> };
  /** Sets IFF_UP on an interface, e.g. `lo`. */
  'net.up': { args: { interface: string }; result: Record<string, never> };
  mount: {
    args: { source: string; target: string; fstype: string; data?: string };
    result: Record<string, never>;
  };
  /** finit_module on a file of the image. EEXIST is success with `loaded: false`. */
  'module.load': { args: { path: string; params?: string }; result: { loaded: boolean } };
  'module.unload': { args: { name: string }; result: Record<string, never> };
  /** Opens and keeps a descriptor; flags are `open(2)` names without `O_`, e.g. `["RDONLY","DIRECT"]`. */
  open: { args: { path: string; flags: string[] }; result: { fd: number } };
  close: { args: { fd: number }; result: Record<string, never> };
  /** ioctl on a held descriptor with an in/out buffer; `value` is the return value. */
  ioctl: { args: { fd: number; request: number; hex: string }; result: { value: number; hex: string } };
  /**
   * Sends one command of a driver (IORING_OP_URING_CMD, with entries of twice the size) through a ring of its own and waits
   * for its end. `value` is what it ends with, unless that is an errno.
   */
  'ring.command': { args: { fd: number; request: number; hex: string }; result: { value: number } };
  /**
   * Starts one pread or pwrite in a thread of its own, pinned to `cpu` when given, and
   * answers at once. The buffer is page aligned; a write fills it with the pattern of
   * `seed` (see `load.start`), a read reports whether the pattern of `seed` was found
   * when `seed` is given.
   */
  'io.start': {
    args: {
      fd: number;
      kind: 'pread' | 'pwrite';
      offsetBytes: number;
      lengthBytes: number;
      cpu?: number;
      seed?: number;
    };
    result: { job: number; tid: number };
  };
  /**
   * Waits until the job has ended; the call's deadline bounds it. A job that is still
   * running at the deadline answers errno ETIMEDOUT and stays. An ended job is forgotten.
   */
  'io.wait': { args: { job: number; deadlineMs: number }; result: IoResult };
  /** State of a job without waiting; `wchan` and `state` (`R`, `S`, `D`) come from /proc. */
  'io.poll': { args: { job: number }; result: { done: boolean; state: string; wchan: string } };
  /**
   * Runs a stream of I/O on one descriptor of its own through io_uring until stopped or
   * until `blocks` blocks are done: depth requests in flight, O_DIRECT, block i at offset
   * i × blockBytes (wrapping at `spanBytes`). Kind `write-verify` writes a pattern made
   * of seed, block and pass number, and after the last write reads every block written
   * back and compares. Kind `read` reads and, with `seed`, compares with pass 0 of it.
   */
  'load.start': {
    args: {
      path: string;
      kind: 'write-verify' | 'read';
      depth: number;
      blockBytes: number;
      spanBytes: number;
      seed: number;
      blocks?: number;
      cpu?: number;
    };
    result: { load: number };
  };
  /** Progress so far, without waiting. */
  'load.poll': { args: { load: number }; result: LoadProgress };
  /** Waits until at least `blocks` requests have completed (either way); ENODATA when the stream ends before. */
  'load.wait': { args: { load: number; blocks: number; deadlineMs: number }; result: LoadProgress };
  /** Ends the stream: no new writes, drains, verifies, answers the totals. */
  'load.stop': { args: { load: number; deadlineMs: number }; result: LoadResult };
  /**
   * Waits until every condition holds, looking again at each uevent and, because sysfs
   * and procfs do not announce all changes, at least every `pollMs` (default 5).
   * Not met at the deadline: errno ETIMEDOUT, message names the first unmet condition
   * and what stood there.
   */
  'wait.until': { args: { all: GuestCondition[]; deadlineMs: number; pollMs?: number }; result: { waitedMs: number } };
  /** The uevents since the last call (bounded ring of 1,024; `lost` counts what fell out). */
  'uevent.take': { args: Record<string, never>; result: { events: Record<string, string>[]; lost: number } };
  /** `sync(2)`-free power-off through reboot(2). The channel closes. */
  poweroff: { args: Record<string, never>; result: Record<string, never> };
}

export interface GuestHello {
  agent: number;
  release: string;
  version: string;
  machine: string;
  cmdline: string;
  cpus: number;
  /** Seconds since boot when the agent was ready. */
  uptimeSeconds: number;
}

/** A condition on the guest's file system; `path` may hold one `*` per component. */
export type GuestCondition =
  | { path: string; is: 'present' | 'absent' }
  /** At least one path matches, and every match holds; a final newline does not count. */
  | { path: string; is: 'content'; equals?: string; contains?: string; not?: string }
  /** The number of paths that match the pattern. */
  | { path: string; is: 'count'; count: number };

/** A failed transfer is a result, not an error: its errno is what a scenario observes. */
export interface IoResult {
  /** Bytes transferred, or -1. */
  bytes: number;
  /** Errno name (`EIO`) or the empty string. */
  errno: string;
  /** For a read with a seed: the pattern was there. */
  verified: boolean;
}

/** Reading back after the last write is not counted here; what fails in it is. */
export interface LoadProgress {
  submitted: number;
  /** Ended, well or not. */
  completed: number;
  failed: number;
}

export interface LoadResult extends LoadProgress {
  /** Errno name → number of requests that ended so; `short` for one that moved fewer bytes. */
  errors: Record<string, number>;
  /** Blocks read back and compared after the last write. */
  verified: number;
  /** Blocks whose content was not what was last written (for a read: not the pattern of the seed). */
  corrupt: number;
}

export type GuestOp = keyof GuestOps;

/** The harness side of the channel. Every call has a deadline (default 10,000 ms). */
export interface GuestPort {
  readonly hello: GuestHello;
  /** The machine around the guest; absent where there is none that somebody could put devices into. */
  readonly machine?: MachinePort;
  /**
   * Calls the agent.
   * @throws {GuestErrno} the operation failed in the guest: `errno`, `op`.
   * @throws LMP-7xx when the channel is dead, the guest faulted, hung or the answer is no JSON.
   */
  call<K extends GuestOp>(
    op: K,
    args: GuestOps[K]['args'],
    options?: { deadlineMs?: number },
  ): Promise<GuestOps[K]['result']>;
}

/** An operation of the agent ended with an errno: an ordinary result of the guest's kernel. */
export class GuestErrno extends Error {
  override readonly name = 'GuestErrno';
  constructor(
    readonly op: GuestOp,
    /** Name, e.g. `EINVAL`. */
    readonly errno: string,
    message: string,
  ) {
    super(message);
  }
}
