// SPDX-License-Identifier: GPL-2.0-only
import type {
  ExpectationResult,
  KernelVerdict,
  ScenarioVerdict,
  Verdict,
  VerifyDocument,
} from '@libmultipath/contract';

/** The document of what was compared, with its counts. */
export const verifyDocument = (
  kernels: readonly KernelVerdict[],
  expectations?: readonly ExpectationResult[],
): VerifyDocument => {
  const rows: readonly ScenarioVerdict[] = kernels.flatMap(({ scenarios }) => scenarios);
  const count = (verdict: Verdict): number =>
    rows.filter((row) => row.verdict === verdict && row.expected === undefined).length;
  const listed = rows.flatMap(({ discriminating }) => (discriminating === undefined ? [] : [discriminating]));
  const incidents = kernels.reduce((sum, kernel) => sum + (kernel.incidents?.length ?? 0), 0);
  return {
    schema: 'mpath.verify/1',
    kernels,
    ...(expectations === undefined ? {} : { expectations }),
    summary: {
      agree: count('agree'),
      diverge: count('diverge'),
      tooLoose: count('too-loose'),
      fault: count('kernel-fault'),
      unsupported: count('unsupported'),
      error: count('error'),
      notRun: count('not-run'),
      expected: rows.filter((row) => row.expected !== undefined).length,
      observations: rows.reduce((sum, { observations }) => sum + observations, 0),
      ...(listed.length === 0 ? {} : { discriminating: listed.reduce((sum, count) => sum + count, 0) }),
      ...(incidents === 0 ? {} : { incidents }),
    },
  };
};
