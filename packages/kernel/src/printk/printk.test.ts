// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { kfn } from '../kfn.js';
import { one } from '../testing/one.js';
import { run } from '../testing/run.js';
import { schedule_timeout_uninterruptible } from '../time/msleep.js';
import * as printk from './printk.js';
import { DEFAULT_RATELIMIT_INTERVAL } from './ratelimit.js';

const disk = { printName: 'block nvme0n1' };

it('writes each line with its level, devices with their name, and takes no step', () => {
  const { machine, events } = one(function* () {
    yield* printk.pr_err('a');
    printk.pr_crit('b');
    printk.pr_warn('c');
    printk.pr_notice('d');
    printk.pr_info('e');
    printk.pr_debug('f');
    printk.dev_crit(disk, 'g');
    printk.dev_err(disk, 'h');
    printk.dev_warn(disk, 'i');
    printk.dev_notice(disk, 'j');
    printk.dev_info(disk, 'k');
    printk.dev_dbg(disk, 'l');
  });
  expect(events).toEqual([]);
  expect(machine.log.map(({ level, text }) => `${String(printk.KERN_LEVEL[level])} ${text}`)).toEqual([
    '3 a',
    '2 b',
    '4 c',
    '5 d',
    '6 e',
    '7 f',
    '2 block nvme0n1: g',
    '3 block nvme0n1: h',
    '4 block nvme0n1: i',
    '5 block nvme0n1: j',
    '6 block nvme0n1: k',
    '7 block nvme0n1: l',
  ]);
});

const submit = kfn('submit', function* (n: number) {
  for (let i = 0; i < n; i++) {
    yield* printk.dev_warn_ratelimited(disk, 'no usable path');
    yield* printk.pr_info_ratelimited('other text');
  }
});

const logged = (ratelimit: boolean): string[] => {
  const { machine } = run(
    (m) => {
      m.spawn('t', function* () {
        yield* submit(14);
        yield* schedule_timeout_uninterruptible(DEFAULT_RATELIMIT_INTERVAL);
        yield* submit(1);
        yield* schedule_timeout_uninterruptible(1);
        yield* submit(1);
        printk.pr_err_ratelimited('outside');
      });
    },
    undefined,
    { ratelimit },
  );
  return machine.log.map(({ level, text }) => `${level} ${text}`);
};

const count = (lines: readonly string[], line: string): number => lines.filter((one) => one === line).length;

it('lets every message through unless the machine limits', () => {
  const all = logged(false);
  expect([all.length, count(all, 'warn block nvme0n1: no usable path')]).toEqual([33, 16]);
});

it('lets 10 of one place through in 5 s, and says after that how many it kept back', () => {
  const lines = logged(true);
  expect(count(lines, 'warn block nvme0n1: no usable path')).toBe(11);
  expect(count(lines, 'info other text')).toBe(11);
  expect(count(lines, 'err outside')).toBe(1);
  // The interval is over only one tick after its last; each place has its own count.
  expect(count(lines, 'warn submit: 5 callbacks suppressed')).toBe(2);
  expect(lines).toHaveLength(25);
});

it('reports a WARN_ON() when its condition holds', () => {
  const { reports } = one(function* () {
    expect(printk.WARN_ON(false, 'x')).toBe(false);
    expect(printk.WARN_ON_ONCE(true, 'x > 1')).toBe(true);
  });
  expect(reports).toEqual(['warning: WARNING: x > 1']);
});
