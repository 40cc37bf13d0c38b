// SPDX-License-Identifier: GPL-2.0-only
import type { Incident } from '@libmultipath/contract';

const what: Readonly<Record<Incident['kind'], string>> = {
  fault: 'kernel fault',
  silent: 'the machine stood still or was gone',
  dirty: 'left the machine dirty',
};

/** An incident as it is, or as it was read from a document. */
type Told = Omit<Incident, 'scenario'> & { readonly scenario?: string | undefined };

/** An incident in one line: where, what, whether it came again, and the first line of what was said. */
export const incidentText = ({ kind, scenario, detail, again }: Told): string => {
  const after = kind === 'dirty' ? 'another machine was booted' : again ? 'again when tried once more' : 'not again';
  return `${scenario ?? 'boot'}: ${what[kind]} (${after}): ${detail.split(/\r?\n/, 1)[0] ?? ''}`;
};
