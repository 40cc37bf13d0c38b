// SPDX-License-Identifier: GPL-2.0-only
import { STUCK, type DifferenceExplanation } from '@libmultipath/driver-kit';

const none =
  'No released kernel has SCSI multipath: on 7.3 each path is a disk of its own and nothing groups them. `wwid` shows ' +
  'what v3 compares (`scsi_vpd_lun_id()`), which is why `groups` does not differ.';

const openers =
  'v3 embeds `mpath_head` in `scsi_mpath_head`, so its memory cannot go before its openers: `scsi_mpath_head_release()` ' +
  'calls `mpath_head_uninit()`, which waits for them, and with it the removal of the last path. In v2 the head is memory ' +
  'of its own, held by each opener (`kref`), and the removal returns.';

const pathError =
  'v1 decides in the error path of the midlayer: only a device that is gone (`SDEV_TRANSPORT_OFFLINE`, or a queue that is ' +
  'dying) fails over, and the status of any other clone is the user’s. v2 decides when the clone ends, by ' +
  '`blk_path_error()`, and sends the original back to the head.';

const parked =
  '`available_path` of v1 has a `bool *` that SCSI does not write through, and the library wants both to be true: v1 parks ' +
  'no bio. v2 has the return value alone, and counts a blocked path as one that may come back.';

const names =
  'v1 calls the devices of its two classes by their number alone and the attribute `wwid`; v2 has `scsi_mpath_device<n>`, ' +
  '`scsi_mpath_disk<n>` and `vpd_id`.';

const entry = (
  between: readonly [string, string],
  scenario: string,
  observation: string,
  why: string,
): DifferenceExplanation => ({ between, scenario, observation, why });

/** Every observation in which two models of this driver differ that somebody compares, for `mpath diff`. */
export const differences: readonly DifferenceExplanation[] = [
  entry(['7.3', 'v3'], 'grouping-by-page-83', 'members', none),
  entry(['7.3', 'v3'], 'grouping-by-page-83', 'head of a', none),
  entry(['v2', 'v3'], 'last-path-removed-while-open', STUCK, openers),
  entry(['v2', 'v3'], 'last-path-removed-while-open', 'head', openers),
  ...['result-of r1', 'paths-of r1'].flatMap((what) =>
    ['failover-at-completion', 'failover-of-chosen-path'].map((name) => entry(['v1', 'v2'], name, what, pathError)),
  ),
  ...['r1 while blocked', 'result-of r1', 'r1 after the kick'].map((what) =>
    entry(['v1', 'v2'], 'blocked-path', what, parked),
  ),
  ...['head', 'head with one path', 'head of a', 'the next head'].map((what) => entry(['v1', 'v2'], '*', what, names)),
];
