// SPDX-License-Identifier: GPL-2.0-only
import type { mpath_device, mpath_head_template, v1, v2 } from '@libmultipath/core';
import type { bio, io_uring_cmd, Steps } from '@libmultipath/kernel';

/** These members of `T` all, or none of them: half a pair does not compile. */
export type AllOrNone<T, K extends keyof T> =
  | { readonly [P in K]-?: NonNullable<T[P]> }
  | { readonly [P in K]?: never };

type CharDevice = 'add_cdev' | 'del_cdev' | 'cdev_ioctl';
type IoctlPair = 'ioctl_begin' | 'ioctl_finish';

/** The template with its pairs whole: what `mpath_alloc_head_disk()` would refuse is no value of it. */
type Paired<T extends { readonly [K in CharDevice | IoctlPair]?: unknown }> = Omit<T, CharDevice | IoctlPair> &
  AllOrNone<T, CharDevice> &
  AllOrNone<T, IoctlPair>;

/** `struct mpath_head_template` of v3, its pairs whole. */
export type TemplateV3 = Paired<mpath_head_template>;

/** `struct mpath_head_template` of v2, its pairs whole. */
export type TemplateV2 = Paired<v2.mpath_head_template>;

/** `struct mpath_head_template` of v1: that revision asks for no pairs. */
export type TemplateV1 = v1.mpath_head_template;

/** Callbacks that are given a path, for a driver whose paths are all of one structure. */
interface OfPath<P> {
  readonly available_path: (path: P) => Steps<boolean>;
  readonly is_disabled: (path: P) => Steps<boolean>;
  readonly is_optimized: (path: P) => Steps<boolean>;
  readonly cdev_ioctl?: (path: P, cmd: number, arg: unknown, open_for_write: boolean) => Steps<number>;
  readonly ioctl_begin?: (path: P, cmd: number) => ReturnType<NonNullable<mpath_head_template['ioctl_begin']>>;
  readonly chr_uring_cmd?: (path: P, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
}

/** The template of v3 for paths of the driver's own structure `P`: the callbacks need no `container_of()`. */
export type PathTemplate<P extends mpath_device> = Paired<Omit<mpath_head_template, keyof OfPath<P>> & OfPath<P>>;
