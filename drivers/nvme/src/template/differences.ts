// SPDX-License-Identifier: GPL-2.0-only
import { STUCK, type DifferenceExplanation } from '@libmultipath/driver-kit';

const between = ['7.3', 'v3'] as const;

const openers =
  'On v3 an opener counts in the library (`mpath_get_head`), not in the kref of `nvme_ns_head`, and whoever frees the ' +
  'head waits for it: `nvme_free_ns_head` calls `mpath_head_uninit`, which sleeps until the count is 0. The last ' +
  '`nvme_put_ns` of the removal gets there while the disk is held open, so the removal does not return, and nothing ' +
  'after it happens. On 7.3 the opener holds the head itself (`nvme_ns_head_open` takes the kref): the removal returns, ' +
  'and the head is freed by the last close.';

/** What the scenario would have looked at after the step that does not return. */
const neverReached = [
  STUCK,
  'head after the last path',
  'result-of through-old',
  'result-of newly-opened',
  'the next head',
  'result-of fresh',
  'paths-of fresh',
  'result-of still-old',
];

/** Every observation in which the library under NVMe (v3) differs from mainline 7.3, for `mpath diff 7.3 v3`. */
export const differences: readonly DifferenceExplanation[] = [
  {
    between,
    scenario: '*',
    observation: 'policy-message',
    why:
      '7.3 prints `subsysnqn %s iopolicy changed from %s to %s` (notice, `nvme_subsys_iopolicy_update`). On v3 the library ' +
      'prints, which knows no NQN: `iopolicy changed from %s to %s` (info, `mpath_iopolicy_store`). With several ' +
      'subsystems the log no longer says whose policy changed.',
  },
  {
    between,
    scenario: '*',
    observation: 'remap-source r1',
    why:
      '7.3 gives the head to `trace_block_bio_remap` as the old device (`nvme_ns_head_submit_bio`). v3 gives the path ' +
      '(`mpath_bdev_submit_bio`), so the record names the path on both sides.',
  },
  ...neverReached.map((observation) => ({ between, scenario: 'last-path-removed', observation, why: openers })),
];
