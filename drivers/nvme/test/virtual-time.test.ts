// SPDX-License-Identifier: GPL-2.0-only
import { Machine, virtualTime } from '@libmultipath/driver-kit';
import { describe, expect, test } from 'vitest';
import { programOf } from './eight-scenarios.js';

/** Runs the scenario in virtual time; nothing may be reported, and it must come to its end. */
const outcomeOf = (name: string, kernel: string): unknown => {
  const program = programOf(name, kernel);
  if (program === undefined) return 'unsupported';
  const machine = new Machine(program.options);
  const run = program.make(machine);
  expect(machine.run(virtualTime(), () => run.finished?.() ?? false)).toBe('finished');
  expect(machine.reports).toEqual([]);
  return run.outcome();
};

const head = { present: true, instance: 1, sizeMiB: 64, hidden: false, cdev: true };
const path = { name: 'nvme<S>c<C>n1', hidden: true, sizeMiB: 64, ana: false };
const kernels = ['6.1', '6.12', '7.2', '7.3'] as const;

describe.each(kernels)('in virtual time, %s', (kernel) => {
  /** Delayed removal, links, attributes of paths, counters. */
  const is7x = kernel.startsWith('7.');
  /** Queue-depth; a change of policy says so and forgets. */
  const is611 = kernel !== '6.1';

  test('one head over two hidden paths; links only where the version has them', () => {
    expect(outcomeOf('names-and-attributes', kernel)).toMatchObject({
      head,
      'both paths': { c0: path, c1: path },
      'both links': is7x ? ['c0', 'c1'] : null,
      'the link left': is7x ? ['c1'] : null,
      iopolicy: 'numa',
      'numa-nodes': is7x ? { c0: '0\n', c1: '\n' } : { c0: null, c1: null },
      'numa-nodes afterwards': is7x ? { c0: '', c1: '' } : { c0: null, c1: null },
      'paths-of r1': ['c0', 'c0'],
      'remap-source r1': 'head',
    });
  });

  test('attributes are those of the version', () => {
    const { attributes } = outcomeOf('names-and-attributes', kernel) as Record<string, unknown>;
    const old = { wwid: '0444', nsid: '0444' };
    const both = {
      ...old,
      csi: '0444',
      metadata_bytes: '0444',
      nuse: '0444',
      passthru_err_log_enabled: '0644',
    };
    const wanted = {
      head: {
        ...both,
        diag: 'dir',
        delayed_removal_secs: '0644',
        multipath: 'dir',
        'diag/io_requeue_no_usable_path_count': '0644',
        'diag/io_fail_no_available_path_count': '0644',
      },
      path: {
        ...both,
        diag: 'dir',
        numa_nodes: '0444',
        queue_depth: '0444',
        'diag/command_error_count': '0644',
        'diag/command_retries_count': '0644',
        'diag/multipath_failover_count': '0644',
      },
    };
    const plain = is611 ? both : old;
    expect(attributes).toEqual(is7x ? wanted : { head: plain, path: plain });
  });

  test('each node reads through its own controller, and through the other when that is gone', () => {
    expect(outcomeOf('numa-local-path', kernel)).toMatchObject({
      'paths-of node-0': ['c0', 'c0', 'c0'],
      'paths-of node-1': ['c1', 'c1', 'c1'],
      'paths-of node-1-again': ['c0', 'c0'],
      'numa-nodes before node 1 reads': { c0: is7x ? '0\n' : null },
      'numa-nodes after node 1 has read': { c0: is7x ? '0-1\n' : null },
    });
  });

  test('round-robin alternates per node; 6.1 goes on after what numa had chosen, later ones begin at the list', () => {
    expect(outcomeOf('round-robin-alternates', kernel)).toMatchObject({
      iopolicy: 'round-robin',
      'policy-message': is611 ? ['subsysnqn <NQN> iopolicy changed from numa to round-robin'] : [],
      // Under numa node 0 had chosen c0 and node 1 c1; the list is c1, c0.
      'paths-of node-0': ['c1', 'c0', 'c1'],
      'paths-of node-1': is611 ? ['c1', 'c0', 'c1', 'c0'] : ['c0', 'c1', 'c0', 'c1'],
      'paths-of node-0-again': ['c0', 'c1', 'c0', 'c1'],
    });
  });

  test('queue-depth sends serial reads to the first listed path; 6.1 does not know it', () => {
    expect(outcomeOf('queue-depth-first-listed', kernel)).toMatchObject({
      'result-of change': is611 ? 'ok' : 'EINVAL',
      iopolicy: is611 ? 'queue-depth' : 'round-robin',
      'paths-of serial': is611 ? ['c1', 'c1', 'c1', 'c1', 'c1'] : ['c1', 'c0', 'c1', 'c0', 'c1'],
      'result-of nonsense': 'EINVAL',
    });
  });

  test('a path goes under load and no write is lost', () => {
    expect(outcomeOf('path-removed-under-load', kernel)).toMatchObject({
      'load-result writes': { errors: [], corrupt: false, verified: true },
      'load-paths writes': { before: ['c0', 'c1'], after: ['c1'] },
      'paths-of r1': ['c1', 'c1'],
    });
  });

  test('with the last path the head goes; a held one keeps its number', () => {
    expect(outcomeOf('last-path-removed', kernel)).toMatchObject({
      'paths-of one-left': ['c1'],
      'head after the last path': { present: false },
      'result-of through-old': 'eof',
      'result-of newly-opened': 'ENOENT',
      'the next head': { ...head, instance: 2 },
      'result-of still-old': 'eof',
    });
  });
});

describe.each(['7.2', '7.3'])('in virtual time, delayed removal on %s', (kernel) => {
  test('a path returns before the timer: the same head, and the read completes', () => {
    expect(outcomeOf('delayed-removal-path-returns', kernel)).toMatchObject({
      head,
      paths: {},
      links: [],
      counters: { requeued: 1, failed: 0 },
      'r1 while there is no path': 'pending',
      order: ['returned'],
      'result-of r1': 'ok',
      'paths-of r1': ['c1'],
      'head afterwards': head,
      'links afterwards': ['c1'],
    });
  });

  test('the timer comes first: EIO, and the next head is a new one with the same number', () => {
    expect(outcomeOf('delayed-removal-timer-first', kernel)).toMatchObject({
      'r1 while the timer runs': 'pending',
      order: ['awaiting', 'expired'],
      'result-of r1': 'EIO',
      'head after the timer': { present: false },
      'the next head': head,
      'counters of the next head': { requeued: 0, failed: 0 },
    });
  });
});

test.each(['6.1', '6.12'])('%s has no delayed removal', (kernel) => {
  expect(outcomeOf('delayed-removal-path-returns', kernel)).toBe('unsupported');
  expect(outcomeOf('delayed-removal-timer-first', kernel)).toBe('unsupported');
});
