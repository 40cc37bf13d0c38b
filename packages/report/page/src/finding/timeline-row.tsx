// SPDX-License-Identifier: GPL-2.0-only
import type { Row } from '../../../src/page/trace-model.js';
import { placeOf } from './announcer.js';
import { laneColour, type Geometry } from './geometry.js';

interface TimelineRowProps {
  readonly row: Row;
  readonly at: number;
  readonly topPx: number;
  readonly of: number;
  readonly geometry: Geometry;
  readonly chosen: boolean;
  readonly found: boolean;
  readonly dimmed: boolean;
  readonly select: (row: number) => void;
}

const gapText = ({ skipped, why }: Extract<Row, { kind: 'gap' }>): string =>
  `${skipped.toLocaleString('en-US')} step${skipped === 1 ? '' : 's'} ${why === 'no-part' ? 'with no part in it' : 'left out of the sample'}`;

/** `mutex_lock` of `del_gendisk: mutex_lock mutex.owner`. */
const opOf = (site: string): string => /^.*?: (\S+)/.exec(site)?.[1] ?? site;

/** One line of the schedule: at its place, whatever is on the screen above it. */
export const TimelineRow = ({ row, at, topPx, of, geometry, chosen, found, dimmed, select }: TimelineRowProps) => {
  const { rowPx, gapPx, gutterPx, textPx } = geometry;
  const place = {
    transform: `translateY(${String(topPx)}px)`,
    height: `${String(row.kind === 'gap' ? gapPx : rowPx)}px`,
    paddingLeft: `${String(textPx)}px`,
  };
  if (row.kind === 'gap') {
    return (
      <div class="row gap" role="presentation" style={place}>
        <span class="row-number" style={{ width: `${String(gutterPx)}px` }} aria-hidden="true">
          ⋮
        </span>
        <span class="row-text">{gapText(row)}</span>
      </div>
    );
  }
  const marks = [
    'row',
    chosen ? 'chosen' : '',
    found ? 'found' : '',
    dimmed ? 'dimmed' : '',
    row.kind === 'event' && row.turn ? 'turn' : '',
    row.kind === 'event' && row.event.site !== undefined ? (row.event.site === 0 ? 'site bad' : 'site odd') : '',
    row.kind === 'wait' ? 'wait' : '',
  ].join(' ');
  return (
    <div
      id={`row-${String(at)}`}
      class={marks}
      role="option"
      aria-selected={chosen}
      aria-posinset={at + 1}
      aria-setsize={of}
      style={place}
      onClick={() => select(at)}
    >
      <span class="row-number" style={{ width: `${String(gutterPx)}px` }}>
        {row.kind === 'event' ? row.event.index : ''}
      </span>
      {row.kind === 'wait' ? <WaitText row={row} /> : <EventText row={row} />}
    </div>
  );
};

const EventText = ({ row }: { readonly row: Extract<Row, { kind: 'event' }> }) => {
  const { event, lane, entered } = row;
  const fn = event.stack.at(-1);
  return (
    <>
      <span class="row-fn" title={event.stack.map((one) => `${one}()`).join(' → ')}>
        <span class="row-task" style={{ color: laneColour(lane) }}>
          {event.task}
        </span>
        <code class={entered ? 'entered' : ''}>{fn === undefined ? '' : `${fn}()`}</code>
      </span>
      <span class="row-access" title={`${event.op} ${placeOf(event)}`}>
        <code class="op">{event.op}</code> <code class="place">{placeOf(event)}</code>
      </span>
      <code class="row-state" title={event.state}>
        {event.state}
      </code>
      {event.site === undefined ? null : (
        <span class="for-readers">{event.site === 0 ? ', shows the finding' : ', the other place'}</span>
      )}
    </>
  );
};

const WaitText = ({ row }: { readonly row: Extract<Row, { kind: 'wait' }> }) => {
  const { waiter, lane } = row;
  return (
    <>
      <span class="row-fn">
        <span class="row-task" style={{ color: laneColour(lane) }}>
          {waiter.task}
        </span>
        <code class="entered">{waiter.stack[0] === undefined ? '' : `${waiter.stack[0]}()`}</code>
      </span>
      <span class="row-access">
        waits for ever: <code class="op">{opOf(waiter.site)}</code> <code class="place">{waiter.object}</code>
      </span>
      <span class="row-state">{waiter.waitsFor.length === 0 ? '' : `for ${waiter.waitsFor.join(', ')}`}</span>
    </>
  );
};
