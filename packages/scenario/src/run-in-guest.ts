// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, Json, Outcome, Scenario, ScenarioStep } from '@libmultipath/contract';
import { errors } from './errors.js';

/**
 * Carries the entries out in the guest, one after the other.
 * @throws LMP-420 an entry failed, with its place; `cause` is what the driver or harness threw
 */
export const runInGuest = async (scenario: Scenario, driver: AnyDriver, guestWorld: unknown): Promise<Outcome> => {
  const outcome: Record<string, Json> = {};
  for (const step of scenario.steps) {
    try {
      await perform(step, driver, guestWorld, outcome);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw errors.fail('LMP-420', {
        message: `\`${step.kind === 'do' ? step.verb : step.label}\` failed in the guest: ${reason}`,
        where: `${scenario.file}:${String(step.line)}:${String(step.column)}`,
        cause,
      });
    }
  }
  return outcome;
};

const perform = async (
  step: ScenarioStep,
  driver: AnyDriver,
  world: unknown,
  outcome: Record<string, Json>,
): Promise<void> => {
  if (step.kind === 'do') {
    await driver.steps[step.verb]?.guest(world, step.args);
    return;
  }
  const value = await driver.observations[step.observation]?.guest(world, step.args);
  if (value === undefined) throw new Error('expected a value, found undefined');
  outcome[step.label] = value;
};
