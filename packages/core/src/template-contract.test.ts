// SPDX-License-Identifier: GPL-2.0-only
import { submit_bio, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { runWith, seeded } from './testing/schedules.js';
import { makeLiveHead, newBio, toyTemplate, usable } from './testing/toy-driver.js';
import type { mpath_head_template } from './v3/template.js';

/** What the machine reports when a driver's template is as a driver in plain JavaScript may make it. */
const reportsOf = (broken: Readonly<Record<string, unknown>>): string[] => {
  // What the types forbid is what is tested.
  const template = { ...toyTemplate, ...broken } as unknown as mpath_head_template;
  const { machine, end } = runWith((made) => {
    made.spawn('driver', function* () {
      const { disk } = yield* makeLiveHead([usable], 0, template);
      yield* submit_bio(newBio(disk, []));
    });
  }, seeded(3));
  expect(end).not.toBe('stopped');
  return machine.reports.map((report) => `${report.class}: ${report.message}`);
};

function* gives(value: unknown): Steps<unknown> {
  return value;
}

const throws = (): never => {
  throw new Error('the driver has a fault');
};

describe('a template that breaks its contract', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['is_disabled', { is_disabled: () => gives(3) }],
    ['is_optimized', { is_optimized: () => gives('yes') }],
    ['is_optimized', { is_optimized: () => true }],
    [
      'available_path',
      { is_optimized: () => gives(false), is_disabled: () => gives(true), available_path: () => gives(undefined) },
    ],
    ['clone_bio', { clone_bio: () => gives(7) }],
    ['add_cdev', { add_cdev: () => gives(null), del_cdev: () => gives(undefined), cdev_ioctl: () => gives(0) }],
  ])('by what %s returns is told so, by name, and nothing else breaks', (name, broken) => {
    const reports = reportsOf(broken);
    expect(reports.length).toBeGreaterThan(0);
    for (const report of reports) {
      expect(report).toMatch(/^driver-contract: /);
      expect(report).toContain(`mpath_head_template.${name}`);
    }
  });

  it('by a throw is told where', () => {
    for (const report of reportsOf({ is_disabled: throws })) {
      expect(report).toMatch(/^driver-contract: .*the driver has a fault/);
    }
    expect(reportsOf({ is_disabled: throws }).length).toBeGreaterThan(0);
  });

  it('by yielding what is no step is told so', () => {
    const reports = reportsOf({
      *is_optimized() {
        yield 'a word';
        return true;
      },
    });
    expect(reports[0]).toMatch(/^driver-contract: /);
  });
});
