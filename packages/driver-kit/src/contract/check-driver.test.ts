// SPDX-License-Identifier: GPL-2.0-only
import { current, msleep, mutex_lock, mutex_unlock, type mutex, type Steps } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { exampleDriver, exampleTemplate, type ExampleOptions } from '../testing/example-driver.js';
import { checkDriver } from './check-driver.js';
import { contractRules } from './rules.js';

function* gives(value: unknown): Steps<unknown> {
  return value;
}

function* sleeps(): Steps<boolean> {
  yield* msleep(1);
  return false;
}

const brokenBy = (options: ExampleOptions): string[] => [
  ...new Set(
    checkDriver(exampleDriver(options), { revisions: ['v3'] }).findings.map(
      ({ rule, callback }) => `${rule}: ${callback}`,
    ),
  ),
];

it('finds nothing in a driver that keeps the contract, on every revision it is written for', () => {
  expect(checkDriver(exampleDriver())).toEqual({
    driver: 'example',
    revisions: ['v3', 'fixed'],
    findings: [],
    excepted: [],
  });
});

describe('a driver that breaks one rule is told which, and where', () => {
  it.each<[string, ExampleOptions]>([
    ['optimized-not-disabled: is_optimized', { template: { is_optimized: () => gives(true) } }],
    [
      'unusable-is-disabled: is_disabled',
      { template: { is_disabled: () => gives(false), is_optimized: () => gives(true) } },
    ],
    ['no-sleep: is_disabled', { template: { is_disabled: sleeps } }],
    ['no-sleep: available_path', { template: { available_path: sleeps } }],
    ['answer-type: is_optimized', { template: { is_optimized: () => gives(1) } }],
    ['answer-type: available_path', { template: { available_path: () => gives('soon') } }],
    ['answer-type: is_disabled', { template: { is_disabled: () => false } }],
    [
      'errno: add_cdev',
      { template: { add_cdev: () => gives(-70_000), del_cdev: () => gives(undefined), cdev_ioctl: () => gives(0) } },
    ],
    ['kick-on-return: setUsable', { noKick: true }],
    ['removal-disable: example_remove', { forgets: ['disable'] }],
    ['removal-grace-before-clear: example_remove', { forgets: ['first-grace'] }],
    ['removal-clear: example_remove', { forgets: ['clear'] }],
    ['removal-grace-before-unlink: example_remove', { forgets: ['second-grace'] }],
    ['removal-grace-before-free: example_remove', { forgets: ['last-grace'] }],
    ['references-returned: remove', { forgets: ['put'] }],
    ['remove-head: remove_head', { template: { remove_head: undefined } }],
  ])('%s', (expected, options) => {
    expect(brokenBy(options)).toContain(expected);
  });

  it('no-path-fails: available_path', () => {
    // It answers an I/O otherwise than whoever asks beside one.
    const available_path = () => gives(current().stack().includes('mpath_bdev_submit_bio'));
    expect(brokenBy({ template: { available_path } })).toContain('no-path-fails: available_path');
  });

  it('drv-module: drv_module', () => {
    const driver = exampleDriver();
    const models = driver.models.flatMap((model) => driver.battery?.variant?.(model, ['drv_module']) ?? []);
    const { findings } = checkDriver({ ...driver, models }, { revisions: ['v3'] });
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'drv-module', callback: 'drv_module' }));
  });

  it('no-sleep under the head’s lock: is_disabled', () => {
    const taking = (path: { mpath_head: { lock: mutex } | null }) =>
      (function* (): Steps<boolean> {
        const lock = path.mpath_head?.lock;
        if (lock === undefined) return false;
        yield* mutex_lock(lock);
        yield* mutex_unlock(lock);
        return false;
      })();
    expect(brokenBy({ template: { is_disabled: taking } })).toContain('no-sleep: is_disabled');
  });

  it('clean-run: whatever a callback throws', () => {
    const throws = (): never => {
      throw new Error('the driver has a fault');
    };
    const { findings } = checkDriver(exampleDriver({ template: { is_disabled: throws } }), { revisions: ['v3'] });
    expect(findings[0]?.message).toMatch(/the driver has a fault/);
  });
});

it('takes the author’s word for a rule with a reason, and repeats it', () => {
  const driver = exampleDriver({
    template: { is_optimized: exampleTemplate.is_optimized },
    forgets: ['last-grace'],
    more: { exceptions: { 'removal-grace-before-free': 'paths are freed with call_srcu()' } },
  });
  const { findings, excepted } = checkDriver(driver, { revisions: ['v3'] });
  expect(findings.filter(({ rule }) => rule === 'removal-grace-before-free')).toEqual([]);
  expect(excepted).toEqual([expect.objectContaining({ reason: 'paths are freed with call_srcu()' })]);
});

it('refuses a driver without a port', () => {
  const { battery: _battery, ...bare } = exampleDriver();
  expect(() => checkDriver(bare)).toThrow(expect.objectContaining({ code: 'LMP-610' }));
});

it('says of each rule what it asks', () => {
  for (const text of Object.values(contractRules)) expect(text.length).toBeGreaterThan(20);
});
