// SPDX-License-Identifier: GPL-2.0-only

export type FaultKind =
  | 'panic'
  | 'oops'
  | 'bug'
  | 'warning'
  | 'hung-task'
  | 'lockup'
  | 'rcu-stall'
  | 'kasan'
  | 'sanitizer'
  | 'lockdep'
  | 'no-root'
  | 'out-of-memory';

interface FaultPattern {
  readonly kind: FaultKind;
  readonly pattern: RegExp;
}

/**
 * First lines of the kernel's own reports, most special first. They are matched against
 * the message without timestamp and caller, and at its start where the words also occur
 * inside harmless lines ("Spectre V2 : WARNING: …").
 */
const PATTERNS: readonly FaultPattern[] = [
  {
    kind: 'out-of-memory',
    pattern:
      /invoked oom-killer: |^(Memory cgroup out|Out) of memory: |System is deadlocked on memory|Out of memory and no killable processes|^Initramfs unpacking failed: write error/,
  },
  { kind: 'no-root', pattern: /Unable to mount root fs|No working init found|Attempted to kill init/ },
  { kind: 'panic', pattern: /^Kernel panic - not syncing/ },
  { kind: 'kasan', pattern: /^BUG: (KASAN|KFENCE): / },
  { kind: 'sanitizer', pattern: /^(BUG: (KCSAN|KMSAN): |UBSAN: )/ },
  { kind: 'lockup', pattern: /BUG: (soft lockup|workqueue lockup)|[Hh]ard LOCKUP/ },
  {
    kind: 'lockdep',
    pattern:
      /^WARNING: (possible (circular locking|recursive locking|irq lock inversion)|inconsistent lock state|suspicious RCU usage|bad unlock balance|held lock freed|lock held when returning|(HARD|SOFT)IRQ-safe -> (HARD|SOFT)IRQ-unsafe lock order)|^\[ BUG: Invalid wait context/,
  },
  { kind: 'bug', pattern: /^kernel BUG at |^(\[ )?BUG: / },
  {
    kind: 'oops',
    pattern: /^(Internal error: )?Oops\b|^general protection fault\b|^invalid opcode: |^divide error: |^double fault: /,
  },
  { kind: 'hung-task', pattern: /^INFO: task .* blocked (for more than|in I\/O wait for more than) \d+ seconds/ },
  { kind: 'rcu-stall', pattern: /INFO: rcu\w* .*(self-)?detected (expedited )?stalls?/ },
  { kind: 'warning', pattern: /^WARNING: / },
];

const PREFIX = /^(?:<\d+>)?(?:\[\s*\d+\.\d+\])?(?:\[\s*[TC]\d+\])?\s?(?:watchdog: |rcu: |NMI )?/;

/** The message without log level, timestamp, caller and subsystem prefix. */
export const messageOf = (line: string): string => line.replace(PREFIX, '');

/** The kind of report that begins with this line, or undefined. */
export const faultKindOf = (line: string): FaultKind | undefined => {
  const message = messageOf(line);
  return PATTERNS.find(({ pattern }) => pattern.test(message))?.kind;
};

/** Opens a WARNING, a BUG or a corruption report before its first telling line. */
export const isCutHere = (line: string): boolean => line.includes('------------[ cut here ]------------');

/** A rule of equals signs frames KASAN and lockdep reports. */
export const isRule = (line: string): boolean => /^={20,}$/.test(messageOf(line).trim());

export const endsReport = (line: string): boolean => /---\[ end (trace|Kernel panic)/.test(line);
