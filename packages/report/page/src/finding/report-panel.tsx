// SPDX-License-Identifier: GPL-2.0-only
import type { PageStory } from '../../../src/page/page-data.js';
import { CopyButton } from '../copy-button.js';

interface ReportPanelProps {
  readonly shown: PageStory;
  readonly goTo: (index: number) => void;
}

/** The kernel's report, what the finding is called, how it is seen again and what mends it. */
export const ReportPanel = ({ shown, goTo }: ReportPanelProps) => {
  const { story, report, mail } = shown;
  const { finding, detail, bound, count, program, revision, after } = story;
  const replay = `mpath replay ${finding.replay}`;
  return (
    <div class="report">
      <pre class="splat scrolls" tabIndex={0} aria-label="The kernel’s report">
        {report.join('\n')}
      </pre>
      <dl class="facts">
        <dt>Finding</dt>
        <dd>
          <code>{finding.id}</code> {finding.class}
          {finding.object === '' ? '' : ` of ${finding.object}`}
        </dd>
        <dt>Known</dt>
        <dd>{detail?.known ?? 'no'}</dd>
        {finding.sites.map((site, nth) => {
          const event = story.events.find((one) => one.site === nth);
          return (
            <div key={site} class="fact">
              <dt>{nth === 0 ? 'Site' : 'Other site'}</dt>
              <dd>
                {event === undefined ? (
                  <code>{site}</code>
                ) : (
                  <button type="button" class="link" onClick={() => goTo(event.index)}>
                    <code>{site}</code>
                  </button>
                )}
              </dd>
            </div>
          );
        })}
        <dt>Smallest</dt>
        <dd>
          {finding.switches} context switches, {finding.events} steps; {count} {count === 1 ? 'run' : 'runs'} of the
          search showed it
        </dd>
        {after.length === 0 ? null : (
          <>
            <dt>After</dt>
            <dd>{after.join(' ')}</dd>
          </>
        )}
        <dt>Bound</dt>
        <dd>{bound}</dd>
        <dt>Program</dt>
        <dd>
          {program}
          {revision === '' ? '' : `, ${revision}`}
        </dd>
      </dl>
      <h3>Repair</h3>
      {detail?.remedy === undefined ? (
        <>
          <p>None is known yet. This looks for the smallest set of remedies that removes it:</p>
          <Command text={`mpath repair ${finding.id}`} label="Copy repair command" />
        </>
      ) : (
        <p class="remedy">{detail.remedy}</p>
      )}
      <h3>See it again</h3>
      <Command text={replay} label="Copy command" />
      {mail === '' ? null : (
        <p>
          <CopyButton text={mail} label="Copy as mail for a list" />
        </p>
      )}
    </div>
  );
};

const Command = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <div class="command">
    <pre class="scrolls" tabIndex={0} aria-label={label.replace('Copy ', '')}>
      {text}
    </pre>
    <CopyButton text={text} label={label} quiet />
  </div>
);
