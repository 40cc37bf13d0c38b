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

/** What `held-character-device` looks at once the last path has gone. */
const heldCharacterDevice = [
  'result-of no-path-id',
  'result-of no-path-flush',
  'result-of no-path-get-features',
  'result-of new-id',
  'the next head',
  'result-of still-id',
  'result-of fresh-id',
  'head after the release',
];

/** What `subsystem-attributes` would have looked at after the step that does not return. */
const heldSubsystem = [
  'held iopolicy',
  'held model',
  'held subsystype',
  'head while it is held',
  'gone iopolicy',
  'gone subsysnqn',
];

/** What `last-connection-given-up` would have looked at after the step that does not return. */
const lostWhileHeld = [
  'entered c0',
  'head',
  'paths',
  'links',
  'messages',
  'subsystem while it is held',
  'c0 state',
  'result-of r1',
  'result-of r2',
  'paths-of r2',
  'subsystem in the end',
];

/** What `transport-unloaded` would have looked at after the step that does not return. */
const unloadedWhileHeld = [
  'result-of unloaded',
  'head',
  'paths',
  'result-of through-old',
  'result-of newly-opened',
  'entered c0',
  'head after loading',
];

/** What `last-path-unplugged` looks at from the ioctl through the held character device on. */
const unpluggedWhileHeld = [
  'result-of through-old',
  'result-of newly-opened',
  'result-of char-id',
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
    ['*'],
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
    ['v3'],
    ['*'],
    [
      'head io_requeue_no_usable_path_count',
      'head io_fail_no_available_path_count',
      'set io_requeue_no_usable_path_count',
      'set io_fail_no_available_path_count',
    ],
    'As the counters of every scenario: `io_requeue_no_usable_path_count_show` and ' +
      '`io_fail_no_available_path_count_show` of v3, and their stores, take the library’s `mpath_head` for the ' +
      '`nvme_ns_head` that it is embedded in.',
  ),
  ...explain(
    ['v1', 'v2', 'v3', 'fixed'],
    ['*'],
    ['messages'],
    '7.3 warns in the name of the head’s disk (`nvme_ns_head_submit_bio`). The library warns in that of the device ' +
      'that the driver gave as the head’s parent, NVMe’s subsystem (`mpath_bdev_submit_bio`): with several namespaces ' +
      'the log no longer says which head has no path.',
  ),
  ...explain(
    ['v3'],
    ['held-character-device'],
    [STUCK, 'head after the last path', ...heldCharacterDevice],
    'As in `last-path-removed`, here also by the character device: an opener counts in the library, and whoever frees the ' +
      'head waits for it, so the removal of the last path does not return while the device is held open, and nothing after ' +
      'it happens. On 7.3 the opener keeps the device, which holds the head: the removal returns.',
  ),
  ...explain(
    ['v2', 'v3', 'fixed'],
    ['same-policy-again'],
    ['paths-of second'],
    '`mpath_iopolicy_store` says whether the name is a policy, not whether it is another one, so ' +
      '`nvme_subsys_iopolicy_store` of v2 and v3 forgets every choice after each write: round-robin begins at the head of ' +
      'the list. 7.3 returns early where the policy is what it was (`nvme_subsys_iopolicy_update`), and round-robin ' +
      'goes on.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['*'],
    [
      'c0 multipath_failover_count',
      'c0 command_retries_count',
      'c0 command_error_count',
      'c0 failovers',
      'c0 errors',
      'c0 retries',
      'c1 failovers',
      'c1 errors',
      'c1 retries',
      'head io_requeue_no_usable_path_count',
      'head io_fail_no_available_path_count',
      'set io_requeue_no_usable_path_count',
      'set io_fail_no_available_path_count',
      'set multipath_failover_count',
      'set command_retries_count',
      'set command_error_count',
      'result-of requeued-set',
      'result-of requeued-word',
      'result-of failed-large',
      'result-of failed-negative',
      'result-of failover-set',
      'result-of retries-set',
      'result-of errors-word',
    ],
    'v1 stands on nvme-7.0 and v2 on nvme-7.1, which have no group `diag`: the counters came with 7.2, and with ' +
      'them what a write of one gives.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['one-controller'],
    ['attributes'],
    'v1 stands on nvme-7.0 and v2 on nvme-7.1, which have no group `diag`: the counters came with 7.2.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['*'],
    ['result-of cdev-set-queues', 'result-of head-set-queues'],
    'Their bases ask the device, which takes a number of queues but once; since 7.2 `nvme_cmd_allowed` refuses it to ' +
      'everybody.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['policy-names'],
    ['result-of module-longer'],
    'Their bases and the library take whatever begins with the name of a policy for the module’s parameter ' +
      '(`strncmp`); 7.2 and later take the name alone.',
  ),
  ...explain(
    ['v3'],
    ['subsystem-attributes'],
    [STUCK, ...heldSubsystem],
    'As in `last-path-removed`: the removal of the last path waits for the opener, and nothing after it happens.',
  ),
  ...explain(
    ['v3'],
    ['last-connection-given-up'],
    [STUCK, ...lostWhileHeld],
    'As in `last-path-removed`: the removal of the last path waits for the opener, and so does the worker that deletes ' +
      'the controller (`nvme_delete_ctrl_work`).',
  ),
  ...explain(
    ['v1', 'v2'],
    ['last-connection-given-up'],
    ['subsystem while it is held'],
    'As in `subsystem-attributes`: `nvme_ns_head` goes with its last path, and its reference on the subsystem with it.',
  ),
  ...explain(
    ['v3'],
    ['last-path-unplugged'],
    [...neverReached, 'unplugged', 'result-of char-id'],
    'As in `last-path-removed`: the removal of the last path waits for the opener, and so does whoever unplugs it.',
  ),
  ...explain(
    ['v3'],
    ['transport-unloaded'],
    [STUCK, ...unloadedWhileHeld],
    'As in `last-path-removed`: the removal of the last path waits for the opener, and so does the worker that deletes ' +
      'the controller, for which `nvme_tcp_cleanup_module` waits.',
  ),
  ...explain(
    ['v1'],
    ['queue-depth-leaves-the-busy'],
    ['paths-of beside', 'paths-of second', 'c0 still busy', 'c1 busy too'],
    'The policy queue-depth of v1 compares a count of the library’s own `mpath_device`, which the driver never moves: it ' +
      'goes on counting in `nvme_ctrl.nr_active`. Every path seems idle, and the first one in the list is taken.',
  ),
  ...explain(
    ['v1'],
    ['ring-commands'],
    ['result-of no-path-flush', 'result-of no-path-unknown'],
    'v1 ends a command of a ring without a path with EWOULDBLOCK (`mpath_chr_uring_cmd`), as an ioctl; 7.3 with EINVAL.',
  ),
  ...explain(
    ['v3', 'fixed'],
    ['ioctls-without-path'],
    ['result-of new-geometry'],
    'As in `while-connecting`: the library asks a path for the geometry of a head.',
  ),
  ...explain(
    ['v1', 'v2', 'v3', 'fixed'],
    ['while-connecting'],
    ['result-of head-geometry'],
    '7.3 computes the geometry of a head from its size (`nvme_getgeo`). The library asks a path, and where there is none ' +
      'to be used `HDIO_GETGEO` gives EAGAIN.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['subsystem-attributes'],
    ['held iopolicy', 'held model', 'held subsystype'],
    'In v1 and v2 an opener holds the library’s disk or head, and the driver’s `nvme_ns_head` goes with its last path, ' +
      'and its reference on the subsystem with it: the subsystem’s directory is gone while the disk is held open.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['last-path-unplugged'],
    [FAULT, STUCK, ...unpluggedWhileHeld],
    'As in `held-character-device`: the ioctl asks `nvme_mpath_get_iopolicy` for the policy of a head that was freed.',
  ),
  ...explain(
    ['v1', 'v2'],
    ['held-character-device'],
    [FAULT, STUCK, ...heldCharacterDevice],
    'In v1 and v2 an opener of the character device holds the library’s head, and the driver’s `nvme_ns_head` goes with ' +
      'its last path: an ioctl on the descriptor asks `nvme_mpath_get_iopolicy` for the policy of a head that was ' +
      'freed. On 7.3 the opener holds `nvme_ns_head`.',
  ),
  ...explain(
    ['v1'],
    ['paths-come-and-go', 'policy-names', 'private-and-shared-namespaces', 'two-subsystems'],
    [FAULT],
    'v1 flushes nothing when a head goes (R-06): `mpath_remove_disk` kicks `requeue_work`, and `mpath_free_head` frees ' +
      'it as it is pending or runs. 7.3 flushes it in the last put.',
  ),
  ...explain(
    ['v1'],
    ['numa-distances'],
    [
      'numa-nodes',
      'paths-of node-1',
      'paths-of node-2',
      'numa-nodes before anybody reads',
      'numa-nodes after node 2 has read',
      'numa-nodes with c1 back',
    ],
    'NVMe v1 does not write `mpath_device.numa_node`: zeroed memory puts every path on node 0, all are equally near, ' +
      'and every node takes the first on the list. 7.3 compares `ctrl->numa_node`.',
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
