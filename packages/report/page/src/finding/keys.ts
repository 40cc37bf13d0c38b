// SPDX-License-Identifier: GPL-2.0-only

/** What a key does, with the keys of it: the help lists them from here. */
export const keyTable = [
  { command: 'next', keys: ['ArrowDown', 'j', 'ArrowRight'], shown: '↓ → j', does: 'one step forward' },
  { command: 'previous', keys: ['ArrowUp', 'k', 'ArrowLeft'], shown: '↑ ← k', does: 'one step back' },
  { command: 'next-page', keys: ['PageDown'], shown: 'Page Down', does: 'a screen forward' },
  { command: 'previous-page', keys: ['PageUp'], shown: 'Page Up', does: 'a screen back' },
  { command: 'first', keys: ['Home'], shown: 'Home', does: 'the first step' },
  { command: 'last', keys: ['End'], shown: 'End', does: 'the last step' },
  { command: 'next-turn', keys: [']'], shown: ']', does: 'the next context switch' },
  { command: 'previous-turn', keys: ['['], shown: '[', does: 'the context switch before' },
  { command: 'site', keys: ['g'], shown: 'g', does: 'the step that shows the finding' },
  { command: 'slice', keys: ['s'], shown: 's', does: 'hide or show steps with no part in it' },
  { command: 'search', keys: ['/'], shown: '/', does: 'search' },
  { command: 'next-match', keys: ['n'], shown: 'n', does: 'the next match' },
  { command: 'previous-match', keys: ['N'], shown: 'N', does: 'the match before' },
  { command: 'leave', keys: ['Escape'], shown: 'Esc', does: 'leave the search' },
  { command: 'help', keys: ['?'], shown: '?', does: 'this list' },
] as const;

export type KeyCommand = (typeof keyTable)[number]['command'];

const commands: ReadonlyMap<string, KeyCommand> = new Map(
  keyTable.flatMap(({ command, keys }) => keys.map((key) => [key, command] as const)),
);

/** Keys that mean something else on the control that has the focus. */
const takesArrows = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="tablist"], select, .scrolls:not(.timeline-rows)') !== null;

export const commandOf = (event: KeyboardEvent): KeyCommand | undefined => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  if (event.key.length > 1 && event.key !== 'Escape' && takesArrows(event.target)) return undefined;
  return commands.get(event.key);
};

export const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
