// SPDX-License-Identifier: GPL-2.0-only
import { LmpError } from '@libmultipath/errors';

/** All that is wrong with one scenario file (or with several), in order of place. Its number is the first one's. */
export class ScenarioError extends LmpError {
  /** @param problems not empty */
  constructor(readonly problems: readonly LmpError[]) {
    const first = problems[0];
    super(first?.code ?? 'LMP-401', {
      message: first?.message ?? 'the scenario cannot be read',
      ...(first?.where === undefined ? {} : { where: first.where }),
      ...(first?.todo === undefined ? {} : { todo: first.todo }),
    });
  }

  /** One block per problem. */
  override format(): string {
    return this.problems.map((problem) => problem.format()).join('\n');
  }
}
