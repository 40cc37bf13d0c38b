// SPDX-License-Identifier: GPL-2.0-only
import type { FaultKind } from '../fault-patterns.js';

interface Splat {
  readonly name: string;
  readonly kind: FaultKind;
  readonly headline: string;
  readonly lines: readonly string[];
}

const RULE = '======================================================';

/** Console reports of invented functions, in the form in which the kernel prints them. For tests. */
export const SPLATS: readonly Splat[] = [
  {
    name: 'a WARN of a 6.x kernel',
    kind: 'warning',
    headline: 'WARNING: CPU: 1 PID: 77 at drivers/toy/toy.c:210 toy_put+0x31/0x40',
    lines: [
      '[    4.100000] ------------[ cut here ]------------',
      '[    4.100001] toy: count is off by one',
      '[    4.100002] WARNING: CPU: 1 PID: 77 at drivers/toy/toy.c:210 toy_put+0x31/0x40',
      '[    4.100003] Modules linked in: toy',
      '[    4.100004] Call Trace:',
      '[    4.100005]  <TASK>',
      '[    4.100006]  toy_release+0x12/0x20',
      '[    4.100007] ---[ end trace 0000000000000000 ]---',
    ],
  },
  {
    name: 'a WARN of a 7.x kernel with caller column',
    kind: 'warning',
    headline: 'WARNING: drivers/toy/toy.c:210 at toy_put+0x31/0x40, CPU#1: kworker/1:2/77',
    lines: [
      '[    4.100000][   T77] ------------[ cut here ]------------',
      '[    4.100002][   T77] WARNING: drivers/toy/toy.c:210 at toy_put+0x31/0x40, CPU#1: kworker/1:2/77',
      '[    4.100007][   T77] ---[ end trace 0000000000000000 ]---',
    ],
  },
  {
    name: 'a NULL dereference',
    kind: 'bug',
    headline: 'BUG: kernel NULL pointer dereference, address: 0000000000000018',
    lines: [
      '[    5.000000] BUG: kernel NULL pointer dereference, address: 0000000000000018',
      '[    5.000001] #PF: supervisor read access in kernel mode',
      '[    5.000002] Oops: Oops: 0000 [#1] SMP NOPTI',
      '[    5.000003] RIP: 0010:toy_find+0x1c/0x60',
      '[    5.000004] ---[ end trace 0000000000000000 ]---',
    ],
  },
  {
    name: 'a general protection fault',
    kind: 'oops',
    headline: 'Oops: general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] SMP',
    lines: [
      '[    5.000000] Oops: general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] SMP',
      '[    5.000003] RIP: 0010:toy_list_del+0x1c/0x60',
      '[    5.000004] ---[ end trace 0000000000000000 ]---',
    ],
  },
  {
    name: 'a BUG()',
    kind: 'bug',
    headline: 'kernel BUG at drivers/toy/toy.c:99!',
    lines: [
      '[    5.000000] ------------[ cut here ]------------',
      '[    5.000001] kernel BUG at drivers/toy/toy.c:99!',
      '[    5.000002] Oops: invalid opcode: 0000 [#1] SMP NOPTI',
      '[    5.000004] ---[ end trace 0000000000000000 ]---',
    ],
  },
  {
    name: 'a KASAN report with its rule',
    kind: 'kasan',
    headline: 'BUG: KASAN: slab-use-after-free in toy_work+0x88/0x120',
    lines: [
      `[    6.000000] ${RULE}`,
      '[    6.000001] BUG: KASAN: slab-use-after-free in toy_work+0x88/0x120',
      '[    6.000002] Read of size 8 at addr ffff888004a1c018 by task kworker/0:3/61',
      '[    6.000003] Freed by task 80:',
    ],
  },
  {
    name: 'a lock order report',
    kind: 'lockdep',
    headline: 'WARNING: possible circular locking dependency detected',
    lines: [
      `[    6.000000] ${RULE}`,
      '[    6.000001] WARNING: possible circular locking dependency detected',
      '[    6.000002] toy/91 is trying to acquire lock:',
      '[    6.000003] ffff888004a1c018 (&toy->lock){+.+.}-{3:3}, at: toy_add+0x3a/0x90',
    ],
  },
  {
    name: 'a lock order report between contexts',
    kind: 'lockdep',
    headline: 'WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected',
    lines: ['[    6.000001] WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected'],
  },
  {
    name: 'a wait in the wrong context',
    kind: 'lockdep',
    headline: '[ BUG: Invalid wait context ]',
    lines: ['[    6.000001] [ BUG: Invalid wait context ]', '[    6.000002] toy/91 is trying to lock:'],
  },
  {
    name: 'suspicious RCU usage',
    kind: 'lockdep',
    headline: 'WARNING: suspicious RCU usage',
    lines: [
      '[    6.000001] WARNING: suspicious RCU usage',
      '[    6.000002] drivers/toy/toy.c:12 suspicious rcu_dereference_check() usage!',
    ],
  },
  {
    name: 'a hung task',
    kind: 'hung-task',
    headline: 'INFO: task toy:91 blocked for more than 30 seconds.',
    lines: [
      '[   40.000000] INFO: task toy:91 blocked for more than 30 seconds.',
      '[   40.000001]       Not tainted 7.3.4 #1',
      '[   40.000002] task:toy             state:D stack:0     pid:91    tgid:91    ppid:1',
      '[   40.000003]  toy_wait+0x44/0x70',
    ],
  },
  {
    name: 'a soft lockup',
    kind: 'lockup',
    headline: 'BUG: soft lockup - CPU#0 stuck for 26s! [toy:91]',
    lines: [
      '[   40.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [toy:91]',
      '[   40.000001] RIP: 0010:toy_spin+0x8/0x10',
    ],
  },
  {
    name: 'an RCU stall',
    kind: 'rcu-stall',
    headline: 'INFO: rcu_preempt detected stalls on CPUs/tasks:',
    lines: [
      '[   40.000000] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
      '[   40.000001] rcu: \t0-...!: (1 GPs behind)',
    ],
  },
  {
    name: 'a panic',
    kind: 'panic',
    headline: 'Kernel panic - not syncing: sysrq triggered crash',
    lines: [
      '[    7.000000] Kernel panic - not syncing: sysrq triggered crash',
      '[    7.000001] CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 7.3.4 #1',
      '[    7.000002] Call Trace:',
      '[    7.000003] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---',
    ],
  },
  {
    name: 'no root',
    kind: 'no-root',
    headline: 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
    lines: ['[    2.000000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)'],
  },
  {
    name: 'a guest without memory',
    kind: 'out-of-memory',
    headline: 'toy-agent invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0',
    lines: [
      '[    6.000000] toy-agent invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0',
      '[    6.000001] CPU: 0 UID: 0 PID: 77 Comm: toy-agent Not tainted',
      '[    6.000002] Mem-Info:',
    ],
  },
  {
    name: 'a guest too small for its initramfs',
    kind: 'out-of-memory',
    headline: 'Initramfs unpacking failed: write error',
    lines: ['[    1.000000] Initramfs unpacking failed: write error'],
  },
];

/** Lines of healthy boots that look alarming to a careless pattern. For tests. */
export const HARMLESS: readonly string[] = [
  '[    0.000000] Linux version 7.3.4+deb14-cloud-amd64',
  '[    0.010000] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible!',
  "[    0.020000] [Firmware Bug]: TSC doesn't count with P0 frequency!",
  '[    0.030000] ACPI BIOS Warning (bug): Incorrect checksum in table',
  '[    0.040000] debug: INFO: lockdep is turned off.',
  '[    0.050000] oops=panic is set',
  '[    0.060000] Command line: console=ttyS0 loglevel=5 panic=-1 hung_task_panic=0',
  `[    0.070000] ${RULE}`,
];
