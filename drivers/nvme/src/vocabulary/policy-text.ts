// SPDX-License-Identifier: GPL-2.0-only

const MESSAGE = /(subsysnqn \S+ )?(iopolicy changed from \S+ to \S+)/;

/**
 * What a kernel log line says about a change of policy, undefined for other lines. The form stays, because kernels
 * differ in it; only the subsystem's name, which is another on every machine, becomes `<NQN>`.
 */
export const policyText = (line: string): string | undefined => {
  const [, named, change] = MESSAGE.exec(line) ?? [];
  if (change === undefined) return undefined;
  return named === undefined ? change : `subsysnqn <NQN> ${change}`;
};
