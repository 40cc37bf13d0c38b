// SPDX-License-Identifier: GPL-2.0-only
import {
  explore,
  parseScenario,
  scenarioProgram,
  type AnyDriver,
  type Outcome,
  type Scenario,
} from '@libmultipath/driver-kit';
import { nvmeDriver } from '@libmultipath/driver-nvme';
import { scsiDriver } from '@libmultipath/driver-scsi';
import { describe, expect, it } from 'vitest';

/*
 * What the library decides does not depend on who is below: the same scenario, word for word, has the same
 * outcomes on NVMe and on SCSI. Only the topology is each driver's own.
 */

const minuteMs = 60_000;

const topologies: Readonly<Record<string, string>> = {
  nvme: '{ controllers: [a, b], namespaces: [{ nsid: 1, sizeMiB: 32 }] }',
  scsi: '{ paths: [a, b] }',
};

// The registry hands each word what its own schema gave.
const drivers = [nvmeDriver, scsiDriver] as unknown as readonly AnyDriver[];

const scenarioFor = (driver: string, name: string, steps: string): Scenario =>
  parseScenario(
    ['schema: mpath.scenario/1', `name: ${name}`, `title: ${name}`, `driver: ${driver}`]
      .concat(`topology: ${topologies[driver] ?? ''}`, 'steps:', steps)
      .join('\n'),
    `${driver}/${name}.scenario.yaml`,
    drivers,
  );

/** Every outcome on the model, in a fixed order. */
const outcomesOf = (driver: AnyDriver, revision: string, name: string, steps: string): readonly Outcome[] => {
  const profile = driver.models.find((model) => model.name === revision);
  if (profile === undefined) throw new Error(`${driver.name} has no ${revision}`);
  const program = scenarioProgram(scenarioFor(driver.name, name, steps), driver, profile);
  const { complete, outcomes } = explore(program, { maxExecutions: 20_000, races: false });
  if (!complete) throw new Error(`${name} was not explored whole, with ${driver.name} on ${revision}`);
  // An outcome is what a scenario program gives.
  const values = outcomes.map(({ value }) => value as Outcome);
  return values.toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
};

const shared: Readonly<Record<string, string>> = {
  'one-path-after-the-other': `
  - attach: a
  - attach: b
  - read: r1
  - observe: [{ result-of: r1 }, { paths-of: r1 }, links]
  - detach: a
  - read: r2
  - observe: [{ result-of: r2 }, { paths-of: r2 }, { links: {}, as: links afterwards }]
  - detach: b
  - read: r3
  - observe: { result-of: r3 }`,
  'round-robin': `
  - attach: a
  - attach: b
  - set-iopolicy: round-robin
  - observe: [iopolicy, policy-message]
  - read: { as: r1, count: 4 }
  - observe: [{ result-of: r1 }, { paths-of: r1 }]`,
  'queue-depth': `
  - attach: a
  - attach: b
  - set-iopolicy: queue-depth
  - read: { as: r1, count: 3 }
  - observe: [iopolicy, { result-of: r1 }, { paths-of: r1 }]`,
  'policies-refused': `
  - attach: a
  - try-iopolicy: { policy: nothing-like-it, as: odd }
  - try-iopolicy: { policy: numa, as: same }
  - observe: [iopolicy, policy-message, { result-of: odd }, { result-of: same }]`,
  'held-while-a-path-goes': `
  - attach: a
  - attach: b
  - hold: h
  - detach: a
  - read: { as: r1, through: h }
  - observe: [{ result-of: r1 }, { paths-of: r1 }]
  - release: h`,
};

describe.each(['v2', 'v3', 'fixed'])('on %s', (revision) => {
  it.each(Object.entries(shared))(
    '%s has the same outcomes on NVMe and SCSI',
    { timeout: 4 * minuteMs },
    (name, steps) => {
      const [nvme, scsi] = drivers.map((driver) => outcomesOf(driver, revision, name, steps));
      expect(scsi).toEqual(nvme);
      expect(scsi?.length).toBeGreaterThan(0);
    },
  );
});
