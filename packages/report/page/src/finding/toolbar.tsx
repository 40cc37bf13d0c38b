// SPDX-License-Identifier: GPL-2.0-only
import type { RefObject } from 'preact';
import { CopyButton } from '../copy-button.js';

interface ToolbarProps {
  /** Of the step among those shown, from 0. */
  readonly position: number;
  readonly total: number;
  readonly move: (by: number) => void;
  readonly slice: boolean;
  readonly setSlice: (on: boolean) => void;
  readonly hidden: number;
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly matches: number;
  readonly match: number;
  readonly moveMatch: (direction: 1 | -1) => void;
  readonly replay: string;
  readonly openHelp: () => void;
}

const many = (count: number): string => count.toLocaleString('en-US');

export const Toolbar = (props: ToolbarProps) => {
  const { position, total, move, slice, setSlice, hidden, query, setQuery, search, matches, match } = props;
  const { moveMatch, replay, openHelp } = props;
  const found =
    query.trim() === '' ? '' : matches === 0 ? 'none' : `${match < 0 ? '–' : many(match + 1)} / ${many(matches)}`;
  return (
    <div class="toolbar" role="toolbar" aria-label="Schedule">
      <div class="stepper">
        <button
          type="button"
          class="button icon"
          aria-label="Step back"
          disabled={position <= 0}
          onClick={() => move(-1)}
        >
          ‹
        </button>
        <span class="stepper-count">
          <b>{many(position + 1)}</b> of {many(total)}
        </span>
        <button
          type="button"
          class="button icon"
          aria-label="Step forward"
          disabled={position >= total - 1}
          onClick={() => move(1)}
        >
          ›
        </button>
      </div>
      <label class="switch">
        <input type="checkbox" checked={slice} onChange={({ currentTarget }) => setSlice(currentTarget.checked)} />
        <span class="switch-track" aria-hidden="true" />
        <span>
          Causal slice
          <span class="switch-note"> {slice && hidden > 0 ? `${many(hidden)} hidden` : ''}</span>
        </span>
      </label>
      <div class="search">
        <input
          ref={search}
          type="search"
          placeholder="Search steps"
          aria-label="Search steps"
          value={query}
          onInput={({ currentTarget }) => setQuery(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            moveMatch(event.shiftKey ? -1 : 1);
          }}
        />
        <output class="search-found" aria-live="polite">
          {found}
        </output>
      </div>
      <CopyButton text={replay} label="Copy replay command" />
      <button type="button" class="button quiet icon" aria-label="Keys" title="Keys" onClick={openHelp}>
        ?
      </button>
    </div>
  );
};
