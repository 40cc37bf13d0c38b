// SPDX-License-Identifier: GPL-2.0-only

const MESSAGE = /iopolicy changed from \S+ to \S+/;

/** What a kernel log line says about a change of policy, undefined for other lines. */
export const policyText = (line: string): string | undefined => MESSAGE.exec(line)?.[0];
