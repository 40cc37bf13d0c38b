// SPDX-License-Identifier: GPL-2.0-only
import { application } from '../../application.js';
import { isGroup } from '../help-integration.js';

export interface NamedCommand {
  /** As typed after `mpath`; empty for that itself. */
  readonly name: string;
  readonly words: readonly string[];
  readonly group: boolean;
}

type Target = typeof application.root;

/** Every command, and every group of commands. */
export const commands = (): NamedCommand[] => {
  const named = (words: readonly string[], target: Target): NamedCommand[] => [
    { name: words.join(' '), words, group: isGroup(target) },
    ...(isGroup(target)
      ? target.getAllEntries().flatMap((entry) => named([...words, entry.name.original], entry.target))
      : []),
  ];
  return named([], application.root);
};
