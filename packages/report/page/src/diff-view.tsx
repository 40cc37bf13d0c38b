// SPDX-License-Identifier: GPL-2.0-only
import type { DiffDocument, DiffRow, DiffScenario } from '@libmultipath/contract';
import { useState } from 'preact/hooks';
import { Filters } from './filters.js';
import { Header } from './header.js';
import { Values } from './json-text.js';
import { Prose } from './prose.js';
import { countsOf, lookOf } from './verdicts.js';

interface DiffViewProps {
  readonly document: DiffDocument;
}

/** Rows that follow each other and have one explanation. */
interface Group {
  readonly why: string | undefined;
  readonly rows: readonly DiffRow[];
}

const groupsOf = (rows: readonly DiffRow[]): Group[] => {
  const groups: { why: string | undefined; rows: DiffRow[] }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && last.why === row.why) last.rows.push(row);
    else groups.push({ why: row.why, rows: [row] });
  }
  return groups;
};

/** Two models side by side: each observation in which they differ, and why. */
export const DiffView = ({ document: { a, b, scenarios, summary } }: DiffViewProps) => {
  const [only, setOnly] = useState<string | undefined>(undefined);
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = scenarios.filter(
    (one) =>
      (only === undefined || one.verdict === only) &&
      `${one.driver} ${one.name} ${one.differences.map(({ observation, why }) => `${observation} ${why ?? ''}`).join(' ')}`
        .toLowerCase()
        .includes(wanted),
  );
  return (
    <div class="sheet">
      <Header title={`${a} and ${b}`}>
        <span class="header-message">
          {summary.unexplained === 0
            ? 'Every difference is explained.'
            : `${String(summary.unexplained)} ${summary.unexplained === 1 ? 'difference is' : 'differences are'} not explained.`}
        </span>
      </Header>
      <Filters
        counts={countsOf(scenarios.map(({ verdict }) => verdict))}
        only={only}
        setOnly={setOnly}
        query={query}
        setQuery={setQuery}
        what="observations"
      />
      <main class="sheet-body scrolls" tabIndex={0} aria-label="Differences">
        {shown.map((one) => (
          <Scenario key={`${one.driver} ${one.name}`} scenario={one} a={a} b={b} />
        ))}
        {shown.length === 0 ? <p class="nothing">No scenario fits.</p> : null}
      </main>
    </div>
  );
};

interface ScenarioProps {
  readonly scenario: DiffScenario;
  readonly a: string;
  readonly b: string;
}

const Scenario = ({ scenario, a, b }: ScenarioProps) => {
  const look = lookOf(scenario.verdict);
  return (
    <section class="card" aria-label={scenario.name}>
      <div class="card-head">
        <h2>{scenario.name}</h2>
        <span class="quiet-text">{scenario.driver}</span>
        <span class={`chip tone-${look.tone}`}>
          <span aria-hidden="true">{look.mark} </span>
          {scenario.verdict}
        </span>
      </div>
      {scenario.reason === undefined ? null : <pre class="reason">{scenario.reason}</pre>}
      {groupsOf(scenario.differences).map((group, nth) => (
        <Explained key={nth} group={group} a={a} b={b} />
      ))}
    </section>
  );
};

interface ExplainedProps {
  readonly group: Group;
  readonly a: string;
  readonly b: string;
}

/** A side that did not come there says nothing more with each observation after it. */
const oneSided = (row: DiffRow): boolean => row.a.length === 0 || row.b.length === 0;

const Explained = ({ group: { why, rows }, a, b }: ExplainedProps) => {
  const [first] = rows;
  const folded = rows.filter((row) => row !== first && oneSided(row));
  const shown = rows.filter((row) => !folded.includes(row));
  return (
    <div class="explained">
      {why === undefined ? (
        <p class="why missing">Not explained yet.</p>
      ) : (
        <p class="why">
          <b>Why</b> <Prose text={why} />
        </p>
      )}
      {shown.map((row) => (
        <Compared key={row.observation} row={row} a={a} b={b} />
      ))}
      {folded.length === 0 ? null : (
        <details class="folded">
          <summary>
            {folded.length} more {folded.length === 1 ? 'observation' : 'observations'} that one side does not come to
          </summary>
          {folded.map((row) => (
            <Compared key={row.observation} row={row} a={a} b={b} />
          ))}
        </details>
      )}
    </div>
  );
};

interface ComparedProps {
  readonly row: DiffRow;
  readonly a: string;
  readonly b: string;
}

const Compared = ({ row, a, b }: ComparedProps) => (
  <div class="compared">
    <div class="compared-head">
      <h3>{row.observation}</h3>
      <code class="quiet-text">
        {row.file}:{row.line}
      </code>
    </div>
    <div class="two">
      <div>
        <h4>{a}</h4>
        <Values values={row.a} none="does not come here" />
      </div>
      <div>
        <h4>{b}</h4>
        <Values values={row.b} none="does not come here" />
      </div>
    </div>
  </div>
);
