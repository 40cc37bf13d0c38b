// SPDX-License-Identifier: GPL-2.0-only
import { explore, findingIds, findingsOf, repair, replayToken, storyOf, type Finding } from '@libmultipath/checker';
import type { CheckFinding, FindingStory } from '@libmultipath/contract';
import type { Program } from '@libmultipath/kernel';
import { findingLines, findingMail } from '@libmultipath/report';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { coreRemedies, lastPut, scanAgainstRemoval } from './core-programs.test.kit.js';

/** The checker's findings are what the documents and the printed form take. */
expectTypeOf<Omit<Finding, 'known'>>().toExtend<Omit<CheckFinding, 'known'>>();

const MAX_EXECUTIONS = 20_000;

const search = (program: Program) => explore(program, { maxExecutions: MAX_EXECUTIONS });

const only = (program: Program): Finding => {
  const found = search(program);
  expect(found.complete).toBe(true);
  const [finding, ...others] = findingsOf(program, found);
  expect(others.map(({ id }) => id)).toEqual([]);
  if (finding === undefined) throw new Error('nothing was found');
  return finding;
};

const verdict = (program: Program) => {
  const found = search(program);
  return { ids: findingIds(program, found), complete: found.complete };
};

const told = (program: Program, finding: Finding): FindingStory =>
  storyOf(program, finding, { revision: 'v3', bound: search(program).bound });

describe('R-09: the last put uses a head that its waiter frees', () => {
  it('is one finding of five steps, with the two sites', () => {
    expect(only(lastPut)).toMatchObject({
      id: 'UAF-f49010',
      class: 'use-after-free',
      functions: ['mpath_put_head', 'driver_release'],
      sites: ['mpath_put_head: cleanup_srcu_struct srcu_struct.gp', 'driver_release: kfree mpath_head.*'],
      message: 'KASAN: slab-use-after-free in mpath_put_head',
      events: 5,
      smallest: true,
    });
  });

  it('prints as a kernel developer reads it', () => {
    const lines = findingLines(told(lastPut, only(lastPut)), { columns: 110, colour: false });
    expect(`\n${lines.slice(0, -1).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      ==================================================================
      BUG: KASAN: slab-use-after-free in mpath_put_head
      Write of srcu_struct.gp in mpath_head#1.srcu_struct by task opener

      Call Trace (opener):
       mpath_put_head

      Allocated by task boot:
       (no kernel function)

      Freed by task driver:
       driver_release
      ==================================================================

         driver                                               │ opener
         driver_release()                                     │
           mpath_head_uninit()                                │
       0     refcount_dec_and_test                            │
              mpath_head#1.refcount_t.refs 2 → 1              │
      ─── driver → opener ──────────────────────────────────────────────────────────────────────────────────────────
                                                              │ mpath_put_head()
       1                                                      │   refcount_dec_and_test
                                                              │    mpath_head#1.refcount_t.refs 1 → 0
      ─── opener → driver ──────────────────────────────────────────────────────────────────────────────────────────
       2     wait_condition mpath_head#1.refcount_t.refs      │
              = true                                          │
      ►3   kfree mpath_head#1 live → freed                    │
      ─── driver → opener ──────────────────────────────────────────────────────────────────────────────────────────
      ►4                                                      │   cleanup_srcu_struct mpath_head#1.srcu_struct.gp
                                                              │    freed memory

      UAF-f49010
      class     use-after-free of mpath_head.srcu_struct
      known     no
      sites     mpath_put_head: cleanup_srcu_struct srcu_struct.gp
                driver_release: kfree mpath_head.*
      smallest  3 context switches, 5 steps, 2 runs of the search showed it
      bound     complete (sequential consistency)
      program   last put, v3
      replay with
      "
    `);
  });

  it('is repeated by its token', () => {
    const { id, replay, schedule } = only(lastPut);
    expect(replayToken(replay, () => lastPut)).toMatchObject({ fit: 'exact', finding: { id }, found: [id], schedule });
  });

  it('is mended by the remedy that was made for it, and by no other', async () => {
    const result = await repair(only(lastPut), { program: lastPut, remedies: coreRemedies, explore: verdict });
    expect(result.remedies).toEqual([{ remedies: ['uninit-waits-for-completion'], complete: true }]);
    expect(result.edges.map(({ edge }) => edge)).toMatchInlineSnapshot(`
      [
        "grace period before kfree of mpath_head.* in driver_release(): synchronize_srcu(), with mpath_put_head() up to its cleanup_srcu_struct of srcu_struct.gp in a read section; or a reference held across it that driver_release() waits for",
        "grace period before kfree of mpath_head.* in driver_release(): synchronize_srcu(), with mpath_put_head() until it returns in a read section; or a reference held across it that driver_release() waits for",
      ]
    `);
  });
});

describe('the partition scan against mpath_remove_disk()', () => {
  it('is a hang of the scan, with the remover behind its mutex', () => {
    const finding = only(scanAgainstRemoval);
    expect(finding).toMatchObject({ class: 'hang', functions: ['bdev_disk_changed'], object: 'completion' });
    const { waiters } = told(scanAgainstRemoval, finding);
    expect(waiters.map(({ task, object, waitsFor }) => [task, object, waitsFor])).toEqual([
      ['kworker/mpath_head#1.partition_scan_work', 'completion#1', []],
      ['remover', 'gendisk#1.mutex', ['kworker/mpath_head#1.partition_scan_work']],
    ]);
  });

  it('tells the steps that meet: the kick before the bio is parked', () => {
    const story = told(scanAgainstRemoval, only(scanAgainstRemoval));
    const parked = story.events.findIndex(({ op }) => op === 'bio_list_add');
    const kicked = story.events.findIndex(({ op, task }) => op === 'queue_work' && task === 'remover');
    expect(kicked).toBeGreaterThan(0);
    expect(parked).toBeGreaterThan(kicked);
    expect([story.events[parked]?.matters, story.events[kicked]?.matters]).toEqual([true, true]);
    expect(findingMail(story)).toContain('waits for ever: mutex_lock');
  });

  it('is mended by kicking after the grace period', async () => {
    const finding = only(scanAgainstRemoval);
    const result = await repair(finding, {
      program: scanAgainstRemoval,
      remedies: coreRemedies,
      explore: verdict,
      battery: [lastPut],
      maxEdges: 0,
    });
    expect(result.remedies).toEqual([{ remedies: ['remove-kicks-after-grace-period'], complete: true }]);
  });
});
