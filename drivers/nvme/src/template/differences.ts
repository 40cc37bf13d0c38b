// SPDX-License-Identifier: GPL-2.0-only
import { FAULT, STUCK, type DifferenceExplanation } from '@libmultipath/driver-kit';

const MAINLINE = '7.3';

/** One explanation for several revisions and observations. */
const explain = (
  revisions: readonly string[],
  scenarios: readonly string[],
  observations: readonly string[],
  why: string,
): DifferenceExplanation[] =>
  revisions.flatMap((revision) =>
    scenarios.flatMap((scenario) =>
      observations.map((observation) => ({ between: [MAINLINE, revision] as const, scenario, observation, why })),
    ),
  );

/** Every scenario that looks at the head's counters calls them so. */
const counterNames = ['counters', 'counters at first', 'counters of the next head'];

/** What `last-path-removed` would have looked at after the step that does not return. */
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

/**
 * Every observation in which NVMe over the library, as posted or mended, differs from mainline 7.3, for
 * `mpath diff 7.3 REVISION`.
 */
export const differences: readonly DifferenceExplanation[] = [
  ...explain(
    ['v1', 'v2', 'v3', 'fixed'],
    ['round-robin-alternates', 'queue-depth-first-listed'],
    ['policy-message'],
    '7.3 prints `subsysnqn %s iopolicy changed from %s to %s` (notice, `nvme_subsys_iopolicy_update`). With libmultipath ' +
      'the library prints, which knows no NQN: `iopolicy changed from %s to %s` (`mpath_iopolicy_store`; info, in v1 ' +
      'err). With several subsystems the log no longer says whose policy changed.',
  ),
  ...explain(
    ['v3', 'fixed'],
    ['names-and-attributes'],
    ['remap-source r1'],
    '7.3 gives the head to `trace_block_bio_remap` as the old device (`nvme_ns_head_submit_bio`). v3 gives the path ' +
      '(`mpath_bdev_submit_bio`), so the record names the path on both sides.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['names-and-attributes'],
    ['remap-source r1'],
    '7.3 gives the head to `trace_block_bio_remap` as the old device (`nvme_ns_head_submit_bio`). v1 and v2 call it ' +
      'before the bio has its new device, with the path as the old one (`mpath_bdev_submit_bio`): the record has the ' +
      'two the wrong way round.',
  ),
  ...explain(
    ['v3'],
    ['last-path-removed'],
    neverReached,
    'On v3 an opener counts in the library (`mpath_get_head`), not in the kref of `nvme_ns_head`, and whoever frees ' +
      'the head waits for it: `nvme_free_ns_head` calls `mpath_head_uninit`, which sleeps until the count is 0. The ' +
      'last `nvme_put_ns` of the removal gets there while the disk is held open, so the removal does not return, and ' +
      'nothing after it happens. On 7.3 the opener holds the head itself (`nvme_ns_head_open` takes the kref): the ' +
      'removal returns, and the head is freed by the last close.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['last-path-removed'],
    ['the next head'],
    'In v1 and v2 an opener holds the library’s disk or head, and the driver’s `nvme_ns_head` goes with its last path: ' +
      '`nvme_free_ns_head` gives the instance back while the disk is open, and the next head takes the name of the ' +
      'one that is still held. On 7.3 the opener holds `nvme_ns_head`, and with it the instance.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['names-and-attributes'],
    ['attributes'],
    'v1 stands on nvme-7.0 and v2 on nvme-7.1, which have no group `diag`: the counters came with 7.2.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['*'],
    counterNames,
    'v1 stands on nvme-7.0 and v2 on nvme-7.1, which have no group `diag`; the library counts nothing before v3.',
  ),
  ...explain(
    ['v3'],
    ['*'],
    counterNames,
    '`io_requeue_no_usable_path_count_show` and `io_fail_no_available_path_count_show` of v3 still take ' +
      '`disk->private_data` for the `nvme_ns_head`. It is the library’s `mpath_head` now, embedded at the end of that: ' +
      'they read, and their stores write, as far behind it again, within its `cdev_device`. 7.3 shows its counters.',
  ),
  ...explain(
    ['v1'],
    ['numa-local-path'],
    ['numa-nodes', 'paths-of node-0', 'numa-nodes before node 1 reads', 'numa-nodes after node 1 has read'],
    'NVMe v1 does not write `mpath_device.numa_node`: zeroed memory puts every path on node 0, all are equally near, ' +
      'and every node takes the first on the list. 7.3 compares `ctrl->numa_node`.',
  ),
  ...explain(
    ['v1'],
    ['namespace-comes-back'],
    [FAULT],
    'v1 flushes nothing when a head goes (R-06): `mpath_remove_disk` kicks `requeue_work`, and `mpath_free_head` frees ' +
      'it as it is pending or runs. 7.3 flushes it in the last put.',
  ),
  ...explain(
    ['v1'],
    ['delayed-removal-timer-first'],
    [FAULT],
    '`nvme_remove_head_work` of v1 ends with `module_put(THIS_MODULE)`, for a reference that `mpath_can_remove_head` ' +
      'takes of `mpath_head->drv_module`. The driver never sets that (R-05), so none was taken: the count ' +
      'underflows. 7.3 takes its own.',
  ),
];
