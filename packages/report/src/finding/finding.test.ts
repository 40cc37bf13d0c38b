// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory } from '@libmultipath/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiMarks, clip, fit, unicodeMarks } from './clip.js';
import { findingLines } from './finding-lines.js';
import { findingMail } from './mail.js';
import { freed, hung, underflow } from './story.test.kit.js';

const printed = (story: FindingStory, columns: number): string =>
  findingLines(story, { columns, colour: false }).join('\n');

describe('a finding on a terminal', () => {
  it('has the kernel report on top and one column per task', () => {
    expect(`\n${printed(freed, 100)}\n`).toMatchInlineSnapshot(`
      "
      ==================================================================
      BUG: KASAN: slab-use-after-free in mpath_put_head
      Write of srcu_struct.gp in mpath_head#1.srcu_struct by task opener

      Call Trace (opener):
       mpath_put_head
       toy_release

      Allocated by task boot:
       (no kernel function)

      Freed by task driver:
       driver_release
      ==================================================================

         driver                                          │ opener
         driver_release()                                │
           mpath_head_uninit()                           │
       0     refcount_dec_and_test                       │
              mpath_head#1.refcount_t.refs 2 → 1         │
      ─── driver → opener ────────────────────────────────────────────────────────────────────────────────
                                                         │ toy_release()
                                                         │   mpath_put_head()
       1                                                 │     refcount_dec_and_test
                                                         │      mpath_head#1.refcount_t.refs 1 → 0
      ─── opener → driver ────────────────────────────────────────────────────────────────────────────────
       2     wait_condition                              │
              mpath_head#1.refcount_t.refs = true        │
      ►3   kfree mpath_head#1 live → freed               │
      ─── driver → opener ────────────────────────────────────────────────────────────────────────────────
      ►4                                                 │     cleanup_srcu_struct
                                                         │      mpath_head#1.srcu_struct.gp freed memory

      UAF-f49010
      class     use-after-free of mpath_head.srcu_struct
      known     no
      sites     mpath_put_head: cleanup_srcu_struct srcu_struct.gp
                driver_release: kfree mpath_head.*
      smallest  3 context switches, 5 steps, 10 runs of the search showed it
      bound     complete (sequential consistency)
      program   last put, v3
      replay with
      mpath replay mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d
      "
    `);
  });

  it('tells each task of a hang and the locks, and counts the steps that change nothing', () => {
    expect(`\n${printed(hung, 80)}\n`).toMatchInlineSnapshot(`
      "
      INFO: task kworker/scan blocked for more than 120 seconds.
       waits on completion#1
      Call Trace (kworker/scan):
       bdev_disk_changed
       mpath_partition_scan_work

      INFO: task remover blocked for more than 120 seconds.
       waits on gendisk#1.mutex, for kworker/scan
      Call Trace (remover):
       del_gendisk
       mpath_remove_disk

      Showing all locks held in the system:
      1 lock held by kworker/scan:
       #0: gendisk#1.mutex

         kworker/scan                          │ remover
         ⋮ 1 step, after which everything was at rest
         ⋮ 1 step of remover with no part in it
         mpath_partition_scan_work()           │
       2   mutex_lock gendisk#1.mutex.owner    │
            free → held by kworker/scan        │
           bdev_disk_changed()                 │
             submit_bio()                      │
       3       bio_list_add                    │
                mpath_head#1.bio_list.head     │
         ⋮ 1 step of remover with no part in it
       ► waits for ever: wait_for_completion   │
          completion#1                         │
       ►                                       │ waits for ever: mutex_lock
                                               │  gendisk#1.mutex of kworker/scan

      HANG-0c0ffe
      class     hang of completion
      known     no
      sites     bdev_disk_changed: wait_for_completion completion.done
      smallest  2 context switches, 9 steps, 3 runs of the search showed it
      after     WARN-123456
      bound     complete up to 2 preemptions (sequential consistency)
      program   scan against removal, v3
      replay with
      mpath replay mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d
      "
    `);
  });

  it('puts a warning between scissors', () => {
    expect(printed(underflow, 80).split('\n').slice(0, 10).join('\n')).toMatchInlineSnapshot(`
      "------------[ cut here ]------------
      refcount_t: underflow; use-after-free.
      object mpath_head#1.srcu_struct
      Call Trace (opener):
       mpath_put_head
       toy_release

      Allocated by task boot:
       (no kernel function)
      ---[ end trace ]---"
    `);
  });

  it('stands one turn below the other where there are 20 columns', () => {
    expect(`\n${printed(freed, 20)}\n`).toMatchInlineSnapshot(`
      "
      ====================
      BUG: KASAN:
      slab-use-after-free
      in mpath_put_head
      Write of
      srcu_struct.gp in
      mpath_hea…rcu_struct
      by task opener

      Call Trace (opener):
       mpath_put_head
       toy_release

      Allocated by task
      boot:
       (no kernel
       function)

      Freed by task
      driver:
       driver_release
      ====================

      ── driver ──
         driver_release()
           mpath_h…ninit()
       0     refco…d_test
              mpath…t.refs
              2 → 1
      ── opener ──
         toy_release()
           mpath_p…_head()
       1     refco…d_test
              mpath…t.refs
              1 → 0
      ── driver ──
       2     wait_…dition
              mpath…t.refs
              = true
      ►3   kfree
            mpath_head#1
            live → freed
      ── opener ──
      ►4     clean…struct
              mpath…uct.gp
              freed memory

      UAF-f49010
      class
        use-after-free of
        mpath_he…cu_struct
      known
        no
      sites
        mpath_put_head:
        cleanup_…cu_struct
        srcu_struct.gp
        driver_release:
        kfree mpath_head.*
      smallest
        3 context
        switches, 5 steps,
        10 runs of the
        search showed it
      bound
        complete
        (sequential
        consistency)
      program
        last put, v3
      replay with
      mpath replay mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d
      "
    `);
  });

  it('never exceeds the width but for the replay token, at any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.constantFrom(freed, hung, underflow), (columns, story) => {
        const lines = findingLines(story, { columns, colour: false });
        const wide = lines.filter((line) => Array.from(line).length > columns && !line.startsWith('mpath replay '));
        expect(wide).toEqual([]);
      }),
    );
  });

  it('says what is known of it', () => {
    const known = { status: 'real', title: 'the last put uses a head that its waiter frees' } as const;
    expect(findingLines(freed, { columns: 100, colour: false, known })).toContain(
      'known     yes, real: the last put uses a head that its waiter frees',
    );
  });

  it('colours the two sites, and without colour prints no escape', () => {
    const colour = findingLines(freed, { columns: 100, colour: true }).join('\n');
    const painted = (name: string): string => {
      const line = colour.split('\n').find((one) => one.includes(name) && one.includes('│')) ?? '';
      return line.slice(line.lastIndexOf('\u001B', line.indexOf(name)), line.indexOf(name)).trim();
    };
    expect([painted('cleanup_srcu_struct'), painted('kfree mpath')]).toEqual(['\u001B[31m', '\u001B[33m']);
    expect(printed(freed, 100)).not.toContain('\u001B');
  });

  it('shows nothing of a task that a terminal would obey', () => {
    const evil: FindingStory = {
      ...freed,
      task: 'a\u001B[2Jb',
      events: freed.events.map((event) => ({ ...event, task: `${event.task}\u001B[2J` })),
    };
    expect(printed(evil, 80)).not.toContain('\u001B');
    expect(findingMail(evil)).not.toContain('\u001B');
  });
});

describe('a finding as mail', () => {
  it('is a table that a person reads, and tells how to see it again', () => {
    expect(`\n${findingMail(freed)}`).toMatchInlineSnapshot(`
      "
      Subject: [BUG v3] use-after-free in mpath_put_head()

      ==================================================================
      BUG: KASAN: slab-use-after-free in mpath_put_head
      Write of srcu_struct.gp in mpath_head#1.srcu_struct by task opener

      Call Trace (opener):
       mpath_put_head
       toy_release

      Allocated by task boot:
       (no kernel function)

      Freed by task driver:
       driver_release
      ==================================================================

      The smallest schedule that shows it has 3 context switches, 5 steps.
      Time runs downwards; a name in the second column is a context switch.

         #  task    function           access
       ---  ------  -----------------  ---------------------------------------
         0  driver  mpath_head_uninit  refcount_dec_and_test
                                       mpath_head#1.refcount_t.refs 2 -> 1
         1  opener  mpath_put_head     refcount_dec_and_test
                                       mpath_head#1.refcount_t.refs 1 -> 0
         2  driver  mpath_head_uninit  wait_condition
                                       mpath_head#1.refcount_t.refs = true
        >3          driver_release     kfree mpath_head#1 live -> freed
        >4  opener  mpath_put_head     cleanup_srcu_struct
                                       mpath_head#1.srcu_struct.gp
                                       freed memory

      The two sites, marked > in the table:
        mpath_put_head: cleanup_srcu_struct srcu_struct.gp
        driver_release: kfree mpath_head.*

      Found in an executable model of the code (revision v3), program "last
      put", by a search of its schedules: complete (sequential consistency).
      No kernel and no hardware is needed to see it again, Node.js is:

        mpath replay '
        mpath1.q1YqUrJSKlbSUUpUslJKSVWqBQA.0a1b2c3d
        '

      Finding UAF-f49010
      "
    `);
  });

  it('is ASCII and at most 72 columns wide, whatever the names', () => {
    const long = (text: string): string => text + '_and_a_very_long_name_that_no_kernel_function_has_but_macros_make';
    const stories = [freed, hung, underflow].map((story) => ({
      ...story,
      events: story.events.map((event) => ({ ...event, task: long(event.task), stack: event.stack.map(long) })),
      finding: { ...story.finding, replay: `mpath1.${'x'.repeat(500)}.00000000` },
    }));
    for (const story of [freed, hung, underflow, ...stories]) {
      for (const line of findingMail(story).split('\n')) {
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(line.length).toBeLessThanOrEqual(72);
      }
    }
  });

  it('keeps the token whole for whoever pastes it into a shell', () => {
    const token = `mpath1.${'x'.repeat(500)}.00000000`;
    const mail = findingMail({ ...freed, finding: { ...freed.finding, replay: token } });
    const quoted = mail.slice(mail.indexOf("'") + 1, mail.lastIndexOf("'"));
    expect(quoted.replaceAll(/\s/g, '')).toBe(token);
  });
});

describe('a name that is too long', () => {
  it('loses its middle and keeps more of its end', () => {
    expect(clip('mpath_partition_scan_work', 16, unicodeMarks)).toBe('mpath_p…can_work');
    expect(clip('mpath_partition_scan_work', 16, asciiMarks)).toBe('mpath_p..an_work');
    expect(clip('short', 16, unicodeMarks)).toBe('short');
  });

  it('always fits, alone or in a line', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, room) => {
        expect(Array.from(clip(text, room, unicodeMarks)).length).toBeLessThanOrEqual(room);
        for (const line of fit(text, room, unicodeMarks)) expect(Array.from(line).length).toBeLessThanOrEqual(room);
      }),
    );
  });
});
