// SPDX-License-Identifier: GPL-2.0-only
import { lookOf } from './verdicts.js';

interface FiltersProps {
  readonly counts: readonly (readonly [verdict: string, count: number])[];
  readonly only: string | undefined;
  readonly setOnly: (verdict: string | undefined) => void;
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly what: string;
}

/** Counts that are switches, and a search. */
export const Filters = ({ counts, only, setOnly, query, setQuery, what }: FiltersProps) => (
  <div class="filters" role="group" aria-label="What is shown">
    {counts.map(([verdict, count]) => (
      <button
        key={verdict}
        type="button"
        class={`count tone-${lookOf(verdict).tone}`}
        aria-pressed={only === verdict}
        onClick={() => setOnly(only === verdict ? undefined : verdict)}
      >
        <span class="count-number">{count.toLocaleString('en-US')}</span>
        <span>
          <span aria-hidden="true">{lookOf(verdict).mark} </span>
          {verdict}
        </span>
      </button>
    ))}
    <input
      type="search"
      placeholder={`Search ${what}`}
      aria-label={`Search ${what}`}
      value={query}
      onInput={({ currentTarget }) => setQuery(currentTarget.value)}
    />
  </div>
);
