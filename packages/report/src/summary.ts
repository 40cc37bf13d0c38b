// SPDX-License-Identifier: GPL-2.0-only
import type { KernelVerdict, ScenarioVerdict, Verdict, VerifyDocument } from '@libmultipath/contract';

/** The document of what was compared, with its counts. */
export const verifyDocument = (kernels: readonly KernelVerdict[]): VerifyDocument => {
  const rows: readonly ScenarioVerdict[] = kernels.flatMap(({ scenarios }) => scenarios);
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length;
  return {
    schema: 'mpath.verify/1',
    kernels,
    summary: {
      agree: count('agree'),
      diverge: count('diverge'),
      tooLoose: count('too-loose'),
      fault: count('kernel-fault'),
      unsupported: count('unsupported'),
      error: count('error'),
      observations: rows.reduce((sum, { observations }) => sum + observations, 0),
    },
  };
};
