// SPDX-License-Identifier: GPL-2.0-only
import { explore, type ExploreOptions } from '@libmultipath/checker';
import { scenarioProgram, type loadBattery } from '@libmultipath/scenario';

type Battery = NonNullable<Awaited<ReturnType<typeof loadBattery>>>;

const modelOf = ({ driver }: Battery, revision: string): Battery['driver']['models'][number] => {
  const profile = driver.models.find((model) => model.name === revision);
  if (profile === undefined) throw new RangeError(`${driver.name} has no model ${revision}`);
  return profile;
};

/**
 * Names of the shapes that a model of the driver can play.
 * @throws RangeError the driver has no such model
 */
export const shapesOn = (battery: Battery, revision: string): string[] => {
  const profile = modelOf(battery, revision);
  return battery.shapes
    .map(({ scenario }) => scenario)
    .filter((one) => battery.driver.lacks(one, profile) === undefined)
    .map(({ name }) => name);
};

/** What a search of a shape says in three words. */
export interface ShapeExplored {
  readonly complete: boolean;
  /** Messages of what was reported. */
  readonly reports: readonly string[];
  /** Runs in which somebody waits for ever. */
  readonly stuck: number;
}

/** Explored whole, and nothing shown. */
export const CLEAN: ShapeExplored = { complete: true, reports: [], stuck: 0 };

/**
 * Explores one shape of a driver's battery.
 * @param revision name of a model of the driver
 * @throws RangeError the battery has no such shape, or the driver no such model
 */
export const exploreShape = (
  battery: Battery,
  revision: string,
  name: string,
  options: ExploreOptions,
): ShapeExplored => {
  const { driver, shapes } = battery;
  const shape = shapes.find(({ scenario }) => scenario.name === name);
  if (shape === undefined) throw new RangeError(`the battery has no shape ${name}`);
  const program = scenarioProgram(shape.scenario, driver, modelOf(battery, revision));
  const { complete, reports, ends } = explore(program, options);
  return { complete, reports: reports.map(({ report }) => report.message), stuck: ends.stuck };
};
