// SPDX-License-Identifier: GPL-2.0-only
import { explore, type Exploration } from '@libmultipath/checker';
import type { Program } from '@libmultipath/kernel';

/** What every schedule of a program comes to, in a few words a line. */
const verdictOf = ({ complete, reports, outcomes, ends }: Exploration): string[] => {
  const found = reports.map(({ report }) => `${report.class}: ${report.message} (${report.task})`);
  const stuck = ends.stuckAt.map(
    ({ blocked }) => `hang: ${blocked.map(({ task, site }) => `${task} at ${site}`).join(', ')}`,
  );
  const values = outcomes.map(({ value }) => String(value)).filter((value) => value !== 'balanced');
  const wrong = [...new Set([...found, ...stuck, ...values])].sort();
  return [...(wrong.length === 0 ? ['balanced'] : wrong), ...(complete ? [] : ['not every schedule was explored'])];
};

/** Explores each program and prints its name, what it is and the verdict over all its schedules. */
export const print = (programs: readonly { readonly title: string; readonly program: Program }[]): void => {
  for (const { title, program } of programs) {
    const exploration = explore(program, { races: false });
    process.stdout.write(`${title}\n`);
    for (const line of verdictOf(exploration)) process.stdout.write(`  ${line}\n`);
  }
};
