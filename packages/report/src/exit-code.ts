// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, CheckRevision, DiffDocument, VerifyDocument } from '@libmultipath/contract';

/** 70 a fault of ours, 2 usage or environment, 3 kernel fault, 1 divergence, 4 stopped early, 0 agreed. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 70;

const precedence: readonly ExitCode[] = [70, 2, 3, 1, 4, 0];

/** The one that counts where several things happened; 0 where nothing did. */
export const worstExit = (codes: readonly ExitCode[]): ExitCode => precedence.find((code) => codes.includes(code)) ?? 0;

/** Exit code of a run that ended with this document. */
export const exitCode = (document: VerifyDocument | DiffDocument | CheckDocument): ExitCode => {
  switch (document.schema) {
    case 'mpath.verify/1':
      return verifyExit(document);
    case 'mpath.diff/1':
      return diffExit(document);
    case 'mpath.check/1':
      return worstExit([checkExit(document), document.against === undefined ? 0 : checkExit(document.against)]);
  }
};

/** 1: something is unlisted, or listed and gone; 4: not everything was explored. */
const checkExit = ({ scenarios, gone, complete }: CheckRevision): ExitCode => {
  const unlisted = scenarios.some(({ findings }) => findings.some(({ known }) => !known));
  return worstExit([unlisted || gone.length > 0 ? 1 : 0, complete ? 0 : 4]);
};

const verifyExit = ({ summary, expectations }: VerifyDocument): ExitCode => {
  const compared = summary.agree + summary.diverge + summary.tooLoose + summary.fault + summary.expected;
  const nothing = compared === 0 && summary.notRun === 0;
  const overdue = expectations?.some(({ state }) => state !== 'met') ?? false;
  return worstExit([
    summary.error > 0 || nothing ? 2 : 0,
    summary.fault > 0 ? 3 : 0,
    summary.diverge + summary.tooLoose > 0 || overdue ? 1 : 0,
    summary.notRun > 0 ? 4 : 0,
  ]);
};

const diffExit = ({ summary }: DiffDocument): ExitCode =>
  worstExit([summary.error > 0 || summary.same + summary.differs === 0 ? 2 : 0, summary.unexplained > 0 ? 1 : 0]);
