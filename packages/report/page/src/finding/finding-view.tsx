// SPDX-License-Identifier: GPL-2.0-only
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageStory } from '../../../src/page/page-data.js';
import { States } from '../../../src/page/state-at.js';
import { rowNear, searchText, traceOf } from '../../../src/page/trace-model.js';
import { Header } from '../header.js';
import { useMedia } from '../use-size.js';
import { Announcer } from './announcer.js';
import { HelpDialog } from './help-dialog.js';
import { commandOf, isTyping } from './keys.js';
import { LifePanel } from './life-panel.js';
import { Panels, type Panel } from './panels.js';
import { ReportPanel } from './report-panel.js';
import { StatePanel } from './state-panel.js';
import { StepPanel } from './step-panel.js';
import { Timeline, type TimelineHandle } from './timeline.js';
import { Toolbar } from './toolbar.js';

interface FindingViewProps {
  readonly shown: PageStory;
  readonly stories: readonly PageStory[];
  /** There is a list of findings to go back to. */
  readonly home: boolean;
}

/** Hides what has no part in the finding where that is most of it. */
const SHORT = 60;

const eventsIn = (rows: readonly { readonly kind: string }[]): number[] =>
  rows.flatMap(({ kind }, at) => (kind === 'event' ? [at] : []));

export const FindingView = ({ shown, home }: FindingViewProps) => {
  const { story } = shown;
  const { finding } = story;
  const [slice, setSlice] = useState(story.events.length > SHORT && story.events.some(({ matters }) => matters));
  const [query, setQuery] = useState('');
  const [help, setHelp] = useState(false);
  const reporting = story.events.find(({ site }) => site === 0) ?? story.events.at(-1);
  const [selected, setSelected] = useState(reporting?.index ?? 0);
  const timeline = useRef<TimelineHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const three = useMedia('(min-width: 1900px)');

  const trace = useMemo(() => traceOf(story, slice), [story, slice]);
  const eventRows = useMemo(() => eventsIn(trace.rows), [trace]);
  const texts = useMemo(() => trace.rows.map(searchText), [trace]);
  const states = useMemo(() => new States(story), [story]);
  const matches = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return wanted === '' ? [] : eventRows.filter((at) => texts[at]?.includes(wanted) === true);
  }, [query, eventRows, texts]);
  const row = rowNear(trace, selected);
  const at = eventRows.indexOf(row);

  const selectRow = (wanted: number, how: 'auto' | 'center' = 'auto'): void => {
    const one = trace.rows[wanted];
    if (one?.kind !== 'event') return;
    setSelected(one.event.index);
    timeline.current?.show(wanted, how);
  };
  const goTo = (index: number): void => {
    const hidden = !trace.rowOf.has(index);
    if (hidden && slice) setSlice(false);
    setSelected(index);
    if (!hidden) timeline.current?.show(rowNear(trace, index), 'center');
  };
  const move = (by: number): void => {
    const to = Math.min(eventRows.length - 1, Math.max(0, at + by));
    selectRow(eventRows[to] ?? row);
  };
  const moveTurn = (direction: 1 | -1): void => {
    for (let next = at + direction; next >= 0 && next < eventRows.length; next += direction) {
      const candidate = trace.rows[eventRows[next] ?? -1];
      if (candidate?.kind === 'event' && candidate.turn) return selectRow(eventRows[next] ?? row);
    }
    return undefined;
  };
  const moveMatch = (direction: 1 | -1): void => {
    const next = direction === 1 ? matches.find((match) => match > row) : matches.findLast((match) => match < row);
    selectRow(next ?? (direction === 1 ? matches[0] : matches.at(-1)) ?? row, 'center');
  };

  // The row that shows the finding is on the screen from the start, and after each change of what is hidden.
  useEffect(() => timeline.current?.show(rowNear(trace, selected), 'center'), [trace]);
  useEffect(() => timeline.current?.focus(), []);

  // Before anything can be pressed again: a handler of the render before would step from where one was.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      if (command === undefined || help || (isTyping(event) && command !== 'leave')) return;
      const commands: Record<typeof command, () => void> = {
        next: () => move(1),
        previous: () => move(-1),
        'next-page': () => move(timeline.current?.fitting() ?? 10),
        'previous-page': () => move(-(timeline.current?.fitting() ?? 10)),
        first: () => move(-Infinity),
        last: () => move(Infinity),
        'next-turn': () => moveTurn(1),
        'previous-turn': () => moveTurn(-1),
        'next-match': () => moveMatch(1),
        'previous-match': () => moveMatch(-1),
        site: () => goTo(reporting?.index ?? 0),
        slice: () => setSlice((on) => !on),
        search: () => search.current?.focus(),
        help: () => setHelp(true),
        leave: () => {
          setQuery('');
          timeline.current?.focus();
        },
      };
      event.preventDefault();
      commands[command]();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });

  const event = trace.rows[row];
  const current = event?.kind === 'event' ? event.event : undefined;
  const step: Panel = { id: 'step', title: 'Step', body: <StepPanel story={story} event={current} goTo={goTo} /> };
  const state: Panel = {
    id: 'state',
    title: 'State',
    body: <StatePanel story={story} event={current} states={states} />,
  };
  const life: Panel = {
    id: 'life',
    title: 'Object',
    body: <LifePanel story={story} selected={selected} goTo={goTo} />,
  };
  const report: Panel = { id: 'report', title: 'Report', body: <ReportPanel shown={shown} goTo={goTo} /> };
  return (
    <div class="finding">
      <Header title={finding.id} back={home}>
        <span class={`chip class-${finding.class}`}>{finding.class}</span>
        <span class="header-message" title={finding.message}>
          {finding.message}
        </span>
      </Header>
      <Toolbar
        position={at}
        total={eventRows.length}
        move={move}
        slice={slice}
        setSlice={setSlice}
        hidden={story.events.length - eventRows.length}
        query={query}
        setQuery={setQuery}
        search={search}
        matches={matches.length}
        match={matches.indexOf(row)}
        moveMatch={moveMatch}
        replay={`mpath replay ${finding.replay}`}
        openHelp={() => setHelp(true)}
      />
      <main class={`finding-body ${three ? 'three' : ''}`}>
        <Timeline
          handle={timeline}
          trace={trace}
          story={story}
          sampledOf={shown.sampledOf}
          row={row}
          matches={matches}
          select={(wanted) => selectRow(wanted)}
        />
        {three ? (
          <>
            <Panels key="near" label="The step" panels={[step, state]} stacked />
            <Panels key="whole" label="The finding" panels={[life, report]} stacked />
          </>
        ) : (
          <Panels key="all" label="About the step" panels={[step, state, life, report]} />
        )}
      </main>
      <Announcer event={current} position={at} total={eventRows.length} />
      <HelpDialog open={help} close={() => setHelp(false)} />
    </div>
  );
};
