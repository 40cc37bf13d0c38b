// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';
import { sourceText, type ProgramSource } from '../parallel/program-source.js';
import { planOf, UNIT_STEPS, WHOLE_STEPS, type SearchPlan } from '../parallel/plan.js';
import type { Checkpoint, SavedProgram } from './checkpoint.js';

/** A plan with its defaults, for comparison. */
const whole = (plan: SearchPlan): Record<string, unknown> => ({
  ...{ reduction: 'dpor', sleepSets: true, memo: true, revisits: false, symmetry: true, races: true },
  ...{ maxPreemptions: 'none', upTo: 'none', wholeSteps: WHOLE_STEPS, unitSteps: UNIT_STEPS },
  ...planOf(plan),
});

const keyOf = ({ module, export: name, args }: ProgramSource): string => JSON.stringify([module, name, args ?? null]);

const differs = (message: string, where?: string) =>
  errors.fail('LMP-344', {
    message,
    ...(where === undefined ? {} : { where }),
    todo: 'resume with the same programs, code and options, or explore from the start',
  });

/** @throws LMP-344 the checkpoint is not one of these programs under this plan; the first difference is named */
export const matchCheckpoint = (checkpoint: Checkpoint, sources: readonly ProgramSource[], plan: SearchPlan): void => {
  const [saved, asked] = [whole(checkpoint.plan), whole(plan)];
  for (const [option, value] of Object.entries(saved)) {
    if (asked[option] === value) continue;
    throw differs(`the checkpoint was saved with ${option} ${String(value)}, asked for is ${String(asked[option])}`);
  }
  if (checkpoint.programs.length !== sources.length) {
    throw differs(
      `the checkpoint is of ${String(checkpoint.programs.length)} programs, asked for are ${String(sources.length)}`,
    );
  }
  for (const [index, { source }] of checkpoint.programs.entries()) {
    const asked = sources[index];
    if (asked === undefined || keyOf(asked) === keyOf(source)) continue;
    throw differs(`program ${String(index + 1)} of the checkpoint is ${sourceText(source)}`, sourceText(asked));
  }
};

/** @throws LMP-344 the code of the program is not what it was */
export const matchProgram = (saved: SavedProgram, name: string, fingerprint: string): void => {
  const { begun, source } = saved;
  if (begun === undefined) return;
  if (begun.name !== name) throw differs(`the program is ${name} now, and was ${begun.name}`, sourceText(source));
  if (begun.fingerprint === fingerprint) return;
  throw differs(`the code of ${name} takes other steps than when the checkpoint was saved`, sourceText(source));
};
