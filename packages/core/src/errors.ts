// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-101': {
    title: 'no such remedy',
    explain:
      'Remedies are changes to v3 that are switched on by name; `fixed` is v3 with all of them. ' +
      'Each has a page in docs/remedies that says what it removes and what it costs.',
    exit: 2,
  },
  'LMP-102': {
    title: 'a template without a callback that the library always calls',
    explain:
      'The library does not test these callbacks before it calls them: in the kernel the first bio, or the first ' +
      'path that goes live, would follow a NULL pointer. The doc comment of each callback says when it is called.',
    exit: 2,
  },
  'LMP-103': {
    title: 'half a pair of callbacks',
    explain:
      'Some callbacks come only together: ioctl_begin with ioctl_finish; add_cdev with del_cdev and cdev_ioctl. ' +
      'The kernel refuses such a template with -EINVAL when the disk is allocated.',
    exit: 2,
  },
  'LMP-104': {
    title: 'a member of a template that is no callback of that revision',
    explain:
      'The template has a member that the revision does not know, or one that is no function. Templates differ ' +
      'between v1, v2 and v3; a driver gives each revision its own.',
    exit: 2,
  },
});

/** What `mpath explain` says of the numbers of this package. */
export const coreErrors = errors.catalogue;
