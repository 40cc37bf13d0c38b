// SPDX-License-Identifier: GPL-2.0-only
import type { Json, Outcome, OutcomeRow, ScenarioVerdict } from '@libmultipath/contract';
import { jsonText, Values } from './json-text.js';

interface OutcomesProps {
  readonly row: ScenarioVerdict;
}

/** Observations in which the outcomes do not all say the same. */
const varying = (outcomes: readonly OutcomeRow[]): ReadonlySet<string> => {
  const keys = new Set(outcomes.flatMap(({ value }) => Object.keys(value)));
  return new Set([...keys].filter((key) => new Set(outcomes.map(({ value }) => JSON.stringify(value[key]))).size > 1));
};

/** What the model allows beside what the kernel showed, with counts; where they part first. */
export const Outcomes = ({ row: { outcomes, differences } }: OutcomesProps) => {
  const parts = varying(outcomes);
  const common = Object.entries(outcomes[0]?.value ?? {}).filter(([key]) => !parts.has(key));
  return (
    <>
      {differences.map((one, nth) => (
        <section key={nth} class="difference">
          <h3>{one.observation}</h3>
          <p class="quiet-text">
            <code>
              {one.file}:{one.line}
            </code>{' '}
            {one.step}
          </p>
          <div class="two">
            <div>
              <h4>Model allows</h4>
              <Values values={one.model} none="nothing" tone="good" />
            </div>
            <div>
              <h4>Kernel showed</h4>
              <Values values={[one.kernel]} none="nothing" tone="bad" />
            </div>
          </div>
        </section>
      ))}
      {outcomes.length === 0 ? null : (
        <>
          <h3>{outcomes.length === 1 ? 'The outcome' : `${String(outcomes.length)} outcomes`}</h3>
          <table class="outcomes">
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Kernel</th>
                <th scope="col">{outcomes.length === 1 ? 'Observations' : 'Where they differ'}</th>
              </tr>
            </thead>
            <tbody>
              {outcomes.map(({ value, allowed, seen }, nth) => (
                <tr key={nth} class={allowed ? '' : 'forbidden'}>
                  <td>
                    <span class={`chip tone-${allowed ? 'good' : 'bad'}`}>
                      {allowed ? '✓ allowed' : '✗ not allowed'}
                    </span>
                  </td>
                  <td>{seen === 0 ? <span class="nothing">not seen</span> : `seen ${String(seen)}×`}</td>
                  <td>
                    <Observations value={value} only={outcomes.length === 1 ? undefined : parts} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {outcomes.length > 1 && common.length > 0 ? (
            <details>
              <summary>{common.length} observations are the same in all</summary>
              <Observations value={Object.fromEntries(common)} only={undefined} />
            </details>
          ) : null}
        </>
      )}
    </>
  );
};

interface ObservationsProps {
  readonly value: Outcome;
  readonly only: ReadonlySet<string> | undefined;
}

const Observations = ({ value, only }: ObservationsProps) => (
  <dl class="observations">
    {Object.entries(value)
      .filter(([key]) => only?.has(key) !== false)
      .map(([key, one]: [string, Json]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <pre>{jsonText(one)}</pre>
          </dd>
        </div>
      ))}
  </dl>
);
