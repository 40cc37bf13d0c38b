// SPDX-License-Identifier: GPL-2.0-only
import { checkDriver, type AnyDriver, type ContractFinding } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { nvmeDriver } from './driver.js';
import { libraryModel, variantOf } from './library-models.js';
import type { Profile } from './template/testing/user.js';

const broken = (models: readonly Profile[]): string[] => {
  // The registry hands each word what its own schema gave.
  const driver = { ...nvmeDriver, models } as unknown as AnyDriver;
  return checkDriver(driver)
    .findings.map(({ rule, callback }: ContractFinding) => `${rule} ${callback}`)
    .sort();
};

const only = (name: string): readonly Profile[] => nvmeDriver.models.filter((model) => model.name === name);

describe('the contract of the library', () => {
  it.each(['v2', 'v3', 'fixed'])('is kept over %s', (name) => {
    expect(broken(only(name))).toEqual([]);
  });

  it('is broken over v1, which says nowhere which module it is and flushes nothing', () => {
    expect([...new Set(broken(only('v1')))]).toEqual([
      'clean-run mpath_free_head',
      'clean-run nvme_remove_head_work',
      'clean-run the delay runs out',
      'drv-module drv_module',
    ]);
  });

  it('is kept with a remedy of the driver’s own', () => {
    expect(broken([libraryModel(['number-goes-with-head'])])).toEqual([]);
  });

  it('names what a careless driver leaves out', () => {
    const careless = (lacks: string): string[] => {
      const model = variantOf('v3', [lacks]);
      return model === undefined ? ['there is no such variant'] : broken([model]);
    };
    expect(careless('drv_module')).toContain('drv-module drv_module');
    expect(careless('remove_head')).toContain('remove-head remove_head');
  });
});
