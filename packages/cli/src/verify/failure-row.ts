// SPDX-License-Identifier: GPL-2.0-only
import type { Incident } from '@libmultipath/contract';
import { isLmpError, type ErrorCatalogue } from '@libmultipath/errors';

/** Why a scenario has no outcome on a kernel. */
export interface NoOutcome {
  readonly verdict: 'kernel-fault' | 'unsupported' | 'error';
  readonly reason: string;
}

const KERNEL_FAULT = 'LMP-720';
const OUT_OF_MEMORY = 'LMP-721';
const MODULE_MISSING = 'LMP-806';
/** The machine reported a fault, was gone, or stood still: what a second one may not do. */
const lost: ReadonlySet<string> = new Set([KERNEL_FAULT, 'LMP-703', 'LMP-710', 'LMP-712']);
/** The machine under us cannot do it: no row says that better than the command itself. */
const environment: ReadonlySet<string> = new Set([
  'LMP-701',
  'LMP-706',
  'LMP-707',
  'LMP-708',
  'LMP-709',
  'LMP-740',
  'LMP-803',
  'LMP-804',
  'LMP-807',
  'LMP-810',
  'LMP-811',
]);

/** The error and what caused it, outermost first. */
const chain = (error: unknown): unknown[] => {
  const links: unknown[] = [];
  for (let at = error; at instanceof Error && links.length < 8; at = at.cause) links.push(at);
  return links;
};

export const isEnvironment = (error: unknown): boolean => isLmpError(error) && environment.has(error.code);

/** Ended from outside, by `endAllVms()`: nothing is to be said about the kernel. */
export const wasEnded = (error: unknown): boolean =>
  chain(error).some((one) => isLmpError(one) && one.code === 'LMP-740');

/** What happened to the machine, where another one may do better; undefined: it is not the machine. */
export const lossOf = (error: unknown, machineFailed: unknown): Pick<Incident, 'kind' | 'detail'> | undefined => {
  const found = [...chain(machineFailed), ...chain(error)].find((one) => isLmpError(one) && lost.has(one.code));
  if (found === undefined || !isLmpError(found)) return undefined;
  return { kind: found.code === KERNEL_FAULT ? 'fault' : 'silent', detail: found.format() };
};

/**
 * The row that a failure makes: the kernel's fault, something this kernel does not have, or an error.
 * @param machineFailed why the machine can no longer be used, where it cannot
 */
export const noOutcome = (error: unknown, machineFailed: unknown, catalogues: readonly ErrorCatalogue[]): NoOutcome => {
  const links = [...chain(machineFailed), ...chain(error)];
  // A step that fails for want of memory says so only on the console.
  const memory = links.find((one) => isLmpError(one) && one.code === OUT_OF_MEMORY);
  if (memory !== undefined) return { verdict: 'error', reason: textOf(memory) };
  const fault = links.find((one) => isLmpError(one) && one.code === KERNEL_FAULT);
  if (fault !== undefined) return { verdict: 'kernel-fault', reason: textOf(fault) };
  const lacking = links.find(
    (one) => isLmpError(one) && (one.code === MODULE_MISSING || entryOf(one.code, catalogues)?.unsupported === true),
  );
  if (lacking !== undefined) return { verdict: 'unsupported', reason: textOf(lacking) };
  return { verdict: 'error', reason: textOf(isLmpError(error) ? error : (links[0] ?? error)) };
};

const entryOf = (code: keyof ErrorCatalogue, catalogues: readonly ErrorCatalogue[]) =>
  catalogues.map((catalogue) => catalogue[code]).find((entry) => entry !== undefined);

const textOf = (error: unknown): string =>
  isLmpError(error) ? error.format() : error instanceof Error ? error.message : String(error);
