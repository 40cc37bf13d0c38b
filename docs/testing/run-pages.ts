// SPDX-License-Identifier: GPL-2.0-only

/** Pages whose blocks are run as they stand, below docs/. */
export const runPages = [
  '../README.md',
  'tutorial/first-finding.md',
  'how-to/check-your-own-kernel.md',
  'how-to/read-a-counterexample.md',
  'how-to/report-a-kernel-difference.md',
  'write-a-scenario.md',
  'put-it-in-ci.md',
  'explanation/model-and-kernel.md',
  'explanation/two-steps-of-trust.md',
  'explanation/questions.md',
] as const;

/** Pages with blocks that boot machines. */
export const livePages = [
  '../README.md',
  'tutorial/first-finding.md',
  'how-to/check-your-own-kernel.md',
  'write-a-scenario.md',
  'put-it-in-ci.md',
  'build-a-series.md',
] as const;
