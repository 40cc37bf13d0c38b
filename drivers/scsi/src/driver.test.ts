// SPDX-License-Identifier: GPL-2.0-only
import { FAULT, STUCK } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { scsiDriver } from './driver.js';
import { featuresOfRelease, releasesOfChange } from './features.js';
import { environments } from './kernels.js';
import { runScenario, scenarios } from './testing/scenarios.js';

const names = [...scenarios.keys()];
const models = scsiDriver.models.map(({ name }) => name);
const revisions = ['v1', 'v2', 'v3', 'fixed'] as const;
const released = ['6.1', '6.12', '7.2', '7.3'] as const;

const seen = (name: string, model: string): Readonly<Record<string, unknown>> => {
  const ran = runScenario(name, model);
  if (ran === 'unsupported') throw new Error(`${model} does not support ${name}`);
  return ran.outcome;
};

describe('the driver', () => {
  it('has a model of each release at which something changes and of each revision', () => {
    expect(models).toEqual([...released, ...released.map((name) => `${name}-cloud`), ...revisions]);
    expect(scsiDriver.profileFor('7.3.4+deb13-cloud-amd64')).toBe('7.3-cloud');
    expect(scsiDriver.profileFor('7.3.4+deb13-amd64')).toBe('7.3');
    expect(scsiDriver.profileFor('6.1.0-50-amd64')).toBe('6.1');
  });

  it('predicts a kernel between two of those by the older one, and none older than all', () => {
    expect(scsiDriver.profileFor('6.18.15+deb13-cloud-amd64')).toBe('6.12-cloud');
    expect(scsiDriver.profileFor('7.2.12+deb13-amd64')).toBe('7.2');
    expect(scsiDriver.profileFor('7.4.0')).toBe('7.3');
    expect(scsiDriver.profileFor('5.15.0')).toBeUndefined();
    expect(scsiDriver.profileFor('next')).toBeUndefined();
    const titles = new Map(scsiDriver.models.map(({ name, title }) => [name, title]));
    expect(titles.get('7.2')).toContain('predicted');
    expect(titles.get('6.12')).not.toContain('predicted');
  });

  it('has an environment for every release at which the table says that something changes', () => {
    expect(Object.keys(environments)).toEqual(releasesOfChange());
    expect(featuresOfRelease('6.1')).toContain('rtpg-at-attach');
    expect(featuresOfRelease('6.12')).not.toContain('rtpg-at-attach');
    expect(featuresOfRelease('7.2')).toContain('failover-timeout-255');
    expect(featuresOfRelease('7.2')).not.toContain('transition-sense-retried');
  });

  it('makes v3 with the named remedies, of the library and of its own', () => {
    expect(scsiDriver.libraryModel?.([]).name).toBe('v3');
    const both = scsiDriver.libraryModel?.(['access-state-masked', 'init-sets-module']);
    expect(both?.name).toBe('v3 with access-state-masked, init-sets-module');
    expect(() => scsiDriver.libraryModel?.(['no-such'])).toThrow(expect.objectContaining({ code: 'LMP-101' }));
  });

  it('shows every scenario on fixed in virtual time without a report, and nothing waits for ever', () => {
    const ran = names.flatMap((name) => {
      const one = runScenario(name, 'fixed');
      return one === 'unsupported' ? [] : [{ name, outcome: one.outcome }];
    });
    expect(ran.length).toBeGreaterThan(10);
    expect(ran.filter(({ outcome }) => outcome[FAULT] !== undefined)).toEqual([]);
    expect(ran.filter(({ outcome }) => outcome[STUCK] !== undefined).map(({ name }) => name)).toEqual([]);
  });
});

describe('grouping by page 0x83', () => {
  it.each([...released, ...revisions])('is what wwid shows, on %s', (model) => {
    expect(seen('grouping-by-page-83', model)).toMatchObject({
      groups: [['a', 'b'], ['c'], ['e']],
      wwids: { a: 'naa.5000000000000001', b: 'naa.5000000000000001', c: 'naa.5000000000000002', e: 'EINVAL' },
    });
  });

  it.each(revisions)('is what %s makes heads of', (model) => {
    expect(seen('grouping-by-page-83', model)['members']).toEqual([['a', 'b'], ['c'], ['e']]);
  });

  it.each(released)('%s groups nothing', (model) => {
    expect(seen('grouping-by-page-83', model)['members']).toEqual([['a'], ['b'], ['c'], ['e']]);
  });
});

describe('what the revisions do', () => {
  it.each(revisions)('%s calls things by its names', (model) => {
    const device = model === 'v1' ? '<N>' : 'scsi_mpath_device<N>';
    expect(seen('last-path-removed', model)['head']).toMatchObject({ present: true, device, disk: 'sd<X>' });
  });

  it('v1 fails a read whose only path is blocked, v2 and v3 park it, and only the remedy wakes it', () => {
    const blocked = (model: string): unknown[] => {
      const outcome = seen('blocked-path', model);
      return [outcome['r1 while blocked'], outcome['result-of r1'], outcome['r1 after the kick']];
    };
    expect(blocked('v1')).toEqual(['EIO', 'EIO', 'EIO']);
    expect(blocked('v2')).toEqual(['pending', 'pending', 'ok']);
    expect(blocked('v3')).toEqual(['pending', 'pending', 'ok']);
    expect(blocked('fixed')).toEqual(['pending', 'ok', 'ok']);
  });

  it('v1 hands a path error to the user, the others send the original again; the medium’s is everybody’s', () => {
    const failed = (model: string): unknown[] => {
      const outcome = seen('failover-at-completion', model);
      return [outcome['result-of r1'], outcome['result-of r2']];
    };
    expect(failed('v1')).toEqual(['EIO', 'ENODATA']);
    for (const model of ['v2', 'v3', 'fixed']) expect(failed(model)).toEqual(['ok', 'ENODATA']);
  });

  it('v3 waits for the close where v1, v2 and fixed free the head with it', () => {
    const stuck = (model: string): boolean => seen('last-path-removed-while-open', model)[STUCK] !== undefined;
    expect(revisions.map(stuck)).toEqual([false, false, true, false]);
  });

  it('v1 knows no delayed removal, no access state, and lets reservations through', () => {
    const needy = ['delayed-removal', 'alua-transition', 'reservation-refused'];
    expect(needy.map((name) => runScenario(name, 'v1'))).toEqual(needy.map(() => 'unsupported'));
  });

  it.each(['v2', 'v3', 'fixed'])('%s refuses a reservation of the head and takes one of an ordinary disk', (model) => {
    expect(seen('reservation-refused', model)).toMatchObject({
      'result-of through-head': 'status 2',
      'result-of ordinary': 'ok',
      'result-of ready': 'ok',
    });
  });

  it.each(revisions)('%s leaves every count of queue-depth at 0', (model) => {
    expect(seen('queue-depth-per-host', model)).toMatchObject({ 'queue-depths': { a: '0', b: '0', c: '0' } });
  });
});

describe('what released kernels do', () => {
  it('6.1 asks for the access state while attaching; the others do not have the scenario', () => {
    expect(seen('alua-at-attach', '6.1')).toMatchObject({
      'access-states': { a: 'standby', b: 'active/non-optimized' },
      'preferred-paths': { a: '0', b: '1' },
    });
    for (const model of ['6.12', '7.3', 'v3']) expect(runScenario('alua-at-attach', model)).toBe('unsupported');
  });

  it.each(released)(
    '%s fails reads of a path as the handler knows its group, and asks again for the preferred bit',
    (model) => {
      expect(seen('alua-states', model)).toMatchObject({
        'access-states': { a: 'standby', b: 'active/non-optimized', c: 'unavailable', d: 'active/optimized' },
        'preferred-paths': { a: '0', b: '1', c: '0', d: '0' },
        'result-of standby': 'EIO',
        'result-of non-optimized': 'ok',
        'result-of unavailable': 'eof',
        'result-of optimized': 'ok',
        'preferred while nobody has asked': { a: '0', b: '1', c: '0', d: '0' },
        'preferred afterwards': { a: '0', b: '0', c: '0', d: '1' },
      });
    },
  );

  it.each(['v2', 'v3'])('%s fails reads of a standby path until the handler is made to ask again', (model) => {
    expect(seen('alua-standby', model)).toMatchObject({
      'result-of r1': 'EIO',
      'result-of r2': 'EIO',
      'access-states': { a: 'standby' },
      'access-states afterwards': { a: 'active/optimized' },
      'result-of r3': 'ok',
    });
  });

  it.each(released)('%s does not open what is offline, and takes two states only', (model) => {
    expect(seen('offline-device', model)).toMatchObject({
      states: { a: 'offline', b: 'running' },
      'result-of while-offline': 'ENXIO',
      'result-of other': 'ok',
      'result-of block': 'EINVAL',
      'result-of give-up': 'EINVAL',
    });
  });
});

describe('a path that the array prefers (R-11)', () => {
  it.each(['v2', 'v3'])('is left out of the choice on %s, and its read waits for ever', (model) => {
    expect(seen('park-against-preferred', model)[STUCK]).toBeDefined();
  });

  it.each([
    ['the remedy alone', scsiDriver.libraryModel?.(['access-state-masked'])],
    ['fixed', 'fixed'],
  ])('takes the read on %s', (_name, model) => {
    if (model === undefined) throw new Error('no such model');
    const ran = runScenario('park-against-preferred', model);
    if (ran === 'unsupported') throw new Error('not supported');
    expect(ran.outcome[STUCK]).toBeUndefined();
    expect(ran.outcome).toMatchObject({ 'result-of r1': 'ok', 'preferred-paths': { a: '1' } });
  });
});
