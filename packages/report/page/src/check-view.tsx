// SPDX-License-Identifier: GPL-2.0-only
import type { CheckDocument, CheckFinding, CheckRevision, CheckScenario } from '@libmultipath/contract';
import { useState } from 'preact/hooks';
import type { PageStory } from '../../src/page/page-data.js';
import { Filters } from './filters.js';
import { Header } from './header.js';
import { findingLink } from './route.js';
import { countsOf, lookOf } from './verdicts.js';

interface CheckViewProps {
  readonly document: CheckDocument;
  readonly stories: readonly PageStory[];
}

const owners = { driver: 'the driver’s', library: 'the library’s' } as const;

/** What was explored, by revision, and what was found; a finding opens its schedule. */
export const CheckView = ({ document, stories }: CheckViewProps) => {
  const [only, setOnly] = useState<string | undefined>(undefined);
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const revisions: readonly CheckRevision[] =
    document.against === undefined ? [document] : [document, document.against];
  const ids = new Set(stories.map(({ story }) => story.finding.id));
  const fits = ({ verdict, name, driver, findings }: CheckScenario): boolean =>
    (only === undefined || verdict === only) &&
    `${driver} ${name} ${findings.map(({ id, message, functions }) => `${id} ${message} ${functions.join(' ')}`).join(' ')}`
      .toLowerCase()
      .includes(wanted);
  return (
    <div class="sheet">
      <Header title={`Check of ${document.revision}`}>
        <span class="header-message">{document.bound}</span>
      </Header>
      <Filters
        counts={countsOf(revisions.flatMap(({ scenarios }) => scenarios.map(({ verdict }) => verdict)))}
        only={only}
        setOnly={setOnly}
        query={query}
        setQuery={setQuery}
        what="scenarios and findings"
      />
      <main class="sheet-body scrolls" tabIndex={0} aria-label="Scenarios">
        {revisions.map((revision, nth) => (
          <section key={revision.revision} aria-label={`Revision ${revision.revision}`}>
            <h2 class="revision">
              {revision.revision}
              {nth === 1 ? <span class="quiet-text"> what shows here too is the driver’s</span> : null}
            </h2>
            {revision.gone.length === 0 ? null : (
              <p class="why missing">Listed, and not found any more: {revision.gone.join(', ')}</p>
            )}
            <ul class="scenarios">
              {revision.scenarios.filter(fits).map((scenario) => (
                <Scenario key={`${scenario.driver} ${scenario.name}`} scenario={scenario} ids={ids} />
              ))}
            </ul>
          </section>
        ))}
      </main>
    </div>
  );
};

interface ScenarioProps {
  readonly scenario: CheckScenario;
  readonly ids: ReadonlySet<string>;
}

const Scenario = ({ scenario: { name, driver, verdict, bound, findings, stats }, ids }: ScenarioProps) => {
  const look = lookOf(verdict);
  return (
    <li class="card">
      <div class="card-head">
        <h3>{name}</h3>
        <span class="quiet-text">{driver}</span>
        <span class={`chip tone-${look.tone}`}>
          <span aria-hidden="true">{look.mark} </span>
          {verdict}
        </span>
      </div>
      <p class="quiet-text">
        {bound}; {stats.executions.toLocaleString('en-US')} executions, {stats.steps.toLocaleString('en-US')} steps
      </p>
      {findings.map((finding) => (
        <Finding key={finding.id} finding={finding} told={ids.has(finding.id)} />
      ))}
    </li>
  );
};

const Finding = ({ finding, told }: { readonly finding: CheckFinding; readonly told: boolean }) => {
  const { id, class: what, functions, message, known, owner, switches, events } = finding;
  const inside = (
    <>
      <span class="finding-top">
        <b class="finding-id">{id}</b>
        <span class={`chip class-${what}`}>{what}</span>
        <span class={`chip ${known ? 'tone-none' : 'tone-bad'}`}>{known ? 'known' : 'not listed'}</span>
        {owner === undefined ? null : <span class="chip tone-none">{owners[owner]}</span>}
      </span>
      <span class="finding-message">{message}</span>
      <span class="quiet-text">
        {functions.map((fn) => `${fn}()`).join(', ')} · {switches} context switches, {events} steps
      </span>
    </>
  );
  return told ? (
    <a class="finding-link" href={findingLink(id)}>
      {inside}
    </a>
  ) : (
    <div class="finding-link plain">{inside}</div>
  );
};
