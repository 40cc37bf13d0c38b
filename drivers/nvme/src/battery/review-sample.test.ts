// SPDX-License-Identifier: GPL-2.0-only
import { libraryProperties, loadBattery, sample, scenarioProgram } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { nvmeDriver } from '../driver.js';
import { mainlineModel } from '../mainline/models.js';
import { profile_7_3, withDefect, type MainlineProfile } from '../mainline/profiles.js';

/** Schedules drawn by chance, a hundred at a time, and how many at most: about one in 300 shows it. */
const DRAWN = 100;
const MOST_DRAWN = 3_000;
/** Of a kernel that is not to show it: all are drawn. */
const DRAWN_OF_OTHERS = 600;
const SHAPE = 'park-against-new-path';

/** What the shape reports on a kernel, until it reports what is looked for. */
const shown = async (profile: MainlineProfile, looked: RegExp, most: number): Promise<readonly string[]> => {
  const battery = await loadBattery({ ...nvmeDriver, models: [mainlineModel(profile)] }, libraryProperties);
  const shape = battery?.shapes.find(({ scenario }) => scenario.name === SHAPE);
  const [model] = battery?.driver.models ?? [];
  if (battery === undefined || shape === undefined || model === undefined) throw new Error(`there is no ${SHAPE}`);
  const program = scenarioProgram(shape.scenario, battery.driver, model);
  const all: string[] = [];
  for (let first = 0; first < most && !all.some((text) => looked.test(text)); first += DRAWN) {
    const { reports } = sample(program, { method: 'pos', seed: 1, first, schedules: DRAWN });
    all.push(...reports.map(({ report }) => `${report.class}: ${report.message}`));
  }
  return all;
};

const STAYS = /^lost-io: lost I\/O: \d bios? parked on .* is usable, and nobody is left to kick/;

it('R-12: a bio is parked after the kick of a path that went live without waiting for readers', async () => {
  expect(await shown(withDefect(profile_7_3, 'no-sync-in-set-live'), STAYS, MOST_DRAWN)).toContainEqual(
    expect.stringMatching(STAYS),
  );
}, 120_000);

it('R-12 is not in 7.3', async () => {
  expect(await shown(profile_7_3, STAYS, DRAWN_OF_OTHERS)).not.toContainEqual(expect.stringMatching(STAYS));
}, 120_000);
