// SPDX-License-Identifier: GPL-2.0-only
import type { HeadView } from '@libmultipath/core';
import type { bio, KObject, Steps } from '@libmultipath/kernel';
import type { ModelProfile } from './driver.js';

/** I/O policies by the names that sysfs has for them. */
export type BatteryPolicy = 'numa' | 'round-robin' | 'queue-depth';

/**
 * What a shape of the standard battery starts from: one namespace or logical unit, reached over
 * several paths. Plain frozen data with every default filled in. Paths are named by their index,
 * from 0.
 */
export interface BatteryTopology {
  /** Paths that there may be, 1 to 8. */
  readonly paths: number;
  /** Those of them that are there, live and at rest, before the first entry is carried out. In this order. */
  readonly attached: readonly number[];
  /** Those of `attached` that take no I/O when the first entry is carried out. */
  readonly unusable: readonly number[];
  /** Ids of the online NUMA nodes, ascending, perhaps with gaps. CPU i is on `nodes[i]`; two CPUs where there is one. */
  readonly nodes: readonly number[];
  /** Node of each path; a path past the end of the list, or null there, belongs to none. */
  readonly pathNodes: readonly (number | null)[];
  readonly policy: BatteryPolicy;
  /** How long the head outlives its last path; 0: it goes with it. */
  readonly delayedRemovalSecs: number;
  /** Size of the disk in sectors of 512 bytes. */
  readonly sectors: number;
  /** False: the driver wants no multipath disk for it (a namespace that is not shared). Then there is one path. */
  readonly shared: boolean;
  /**
   * What the driver's template is to leave out: names of optional callbacks (`add_cdev`), or of what it
   * should fill in and a careless one forgets (`drv_module`).
   */
  readonly without: readonly string[];
  /** Allocations may fail, each of those whose caller says that it can deal with it; not those of the start. */
  readonly allocationsFail: boolean;
}

/** How the next command of a path ends: an error of the path, which another path may mend, or of the target. */
export type BatteryError = 'path-error' | 'target-error';

/**
 * What the storage says of a path: ANA, or ALUA. `preferred`: optimized, and the array would have it used before
 * others; a protocol without such a word takes it as optimized.
 */
export type BatteryAccess = 'optimized' | 'non-optimized' | 'preferred';

/** A head as the battery sees it. On the library: `viewOfHead(head, head.disk)`. */
export type BatteryHead = HeadView;

/** An ioctl that the driver passes through to a path. */
export interface BatteryIoctl {
  readonly cmd: number;
  readonly arg: unknown;
}

/**
 * A driver's side of the standard battery: how its shapes are set up on the driver's own model
 * world `M`, and the few things that only the driver can do. What block layer, char devices and the
 * machine offer (submit, open, close, ioctl, wait) the battery does itself.
 *
 * Each verb runs in a task that the battery has made, as a kernel thread would (a hotplug work, a
 * write to sysfs), and returns when the kernel function that it stands for does. It begins no
 * task of its own but those that the driver really has. Several may run at once, also of
 * the same kind. A verb that a driver lacks makes a shape that wants it `unsupported`, and the
 * reason names it.
 *
 * @example
 * const port: BatteryPort<ToyTopology, ToyWorld> = {
 *   topology: ({ paths }) => ({ paths }),
 *   addPath: (world, path) => toy_probe(world, path),
 *   removePath: (world, path) => toy_remove(world, path),
 *   heads: (world) => world.heads.map((head) => viewOfHead(head.mpath_head, head.mpath_head.disk)),
 *   isUsable: (_world, dev) => dev instanceof toy_path && !dev.disabled,
 * };
 */
export interface BatteryPort<T, M> {
  /**
   * The driver's own topology of a shape: `paths` ways to one namespace, each in its place, none
   * attached yet. The battery adds those of `attached`, sets the policy and the delay, and
   * makes the machine's NUMA nodes.
   */
  topology(shape: BatteryTopology): T;
  /**
   * The model with a template that lacks what `shape.without` names. Absent, or undefined returned:
   * such shapes are `unsupported`. Asked only where `without` names something.
   */
  variant?(profile: ModelProfile<T, M>, without: readonly string[]): ModelProfile<T, M> | undefined;
  /**
   * Why a shape makes no sense for the model, e.g. `the template has no clone_bio`; undefined: it does. For what
   * no verb's absence says.
   */
  unsupported?(profile: ModelProfile<T, M>, shape: BatteryTopology): string | undefined;

  /**
   * The path is found and probed, joins the head of the namespace or makes it, and goes live.
   * What a probe defers (a scan of partitions) may still be to come. A path that is there already, or
   * whose probe fails: nothing is left of it. Context: may sleep, no lock held.
   */
  addPath(world: M, path: number): Steps<void>;
  /**
   * The path goes, by the driver's whole removal protocol, and with the last one perhaps the head.
   * Nothing where it is not there. Context: may sleep, no lock held.
   */
  removePath(world: M, path: number): Steps<void>;
  /** The path is found and joins the head, then its probe fails: the driver's error path takes it off again. */
  failProbe?(world: M, path: number): Steps<void>;
  /**
   * The path ceases to take I/O, or takes it again, as it does in the kernel: controller not live,
   * access state inaccessible, device blocked. Going back to usable includes the kick. Nothing where it is not there.
   */
  setUsable?(world: M, path: number, usable: boolean): Steps<void>;
  /**
   * The storage says so of the path, and the driver has stored it when this returns. Nobody is kicked: the path takes I/O
   * before and after. Nothing where it is not there.
   */
  setAccess?(world: M, path: number, access: BatteryAccess): Steps<void>;
  /** How the next command that the path gets ends. Context: any. */
  failNext?(world: M, path: number, error: BatteryError): Steps<void>;
  /** Writes the policy to its attribute. @returns 0 or -errno (no head: -ENOENT) */
  setPolicy?(world: M, policy: BatteryPolicy): Steps<number>;
  /** Writes `delayed_removal_secs`. @returns 0 or -errno (no head: -ENOENT) */
  setDelayedRemoval?(world: M, seconds: number): Steps<number>;
  /** The namespace changes its size, and the driver tells the head. */
  setCapacity?(world: M, sectors: number): Steps<void>;
  /** delete_module(2) of the driver's module, tried once. @returns 0, or -EWOULDBLOCK while it is in use */
  unloadModule?(world: M): Steps<number>;
  /** Ioctl on the head's disk that goes to a path. */
  readonly diskIoctl?: BatteryIoctl;
  /** Ioctl on the head's char device that goes to a path. */
  readonly cdevIoctl?: BatteryIoctl;
  /**
   * A bio of the driver's own class, where its hardware wants one. Absent: a plain `bio`.
   * @param init as the class `bio` takes it
   * @param data what a write carries
   */
  newBio?(init: ConstructorParameters<typeof bio>[0], data: string): bio;
  /** What a read brought. Absent: the driver's hardware keeps no data, and nothing is read back. */
  dataOf?(what: bio): string;

  /** Every head that the driver has made and not freed, oldest first. No steps. */
  heads(world: M): readonly BatteryHead[];
  /** Would the path, an entry of {@link HeadView.paths}, take a bio now? No steps: it looks at a machine at rest. */
  isUsable(world: M, dev: KObject): boolean;
  /**
   * After every path was removed, every file closed and every timer has run out: what of the driver's
   * own memory should be gone and is not (heads, paths, disks), live allocations only. Absent: {@link heads}. No steps.
   */
  remains?(world: M): readonly KObject[];
}
