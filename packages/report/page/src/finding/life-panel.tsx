// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryObject } from '@libmultipath/contract';
import { useMemo, useState } from 'preact/hooks';
import { LifeChart } from './life-chart.js';

interface LifePanelProps {
  readonly story: FindingStory;
  readonly selected: number;
  readonly goTo: (index: number) => void;
}

/** A moment in the life of an object, in order. */
interface Moment {
  readonly index: number;
  readonly what: string;
  readonly who: string;
  readonly where: string;
  readonly kind: 'allocated' | 'taken' | 'dropped' | 'freed' | 'used';
}

const USED_SHOWN = 20;

const fnOf = (stack: readonly string[]): string => (stack[0] === undefined ? '' : `${stack[0]}()`);

const momentsOf = (life: StoryObject, story: FindingStory): Moment[] => {
  const { allocated, freed, references, usedAfter } = life;
  const events = new Map(story.events.map((event) => [event.index, event]));
  const moments: Moment[] = [
    {
      index: allocated.index,
      what: 'allocated',
      who: allocated.task,
      where: fnOf(allocated.stack),
      kind: 'allocated',
    },
    ...references.map(({ index, task, fn, change, count }): Moment => ({
      index,
      what: `reference ${change}, ${String(count)} left`,
      who: task,
      where: fn === '' ? '' : `${fn}()`,
      kind: change,
    })),
    ...(freed === undefined
      ? []
      : [{ index: freed.index, what: 'freed', who: freed.task, where: fnOf(freed.stack), kind: 'freed' as const }]),
    ...usedAfter.slice(0, USED_SHOWN).map((index): Moment => {
      const event = events.get(index);
      return {
        index,
        what: `used after it was freed: ${event?.op ?? ''}`,
        who: event?.task ?? '',
        where: event?.stack.at(-1) === undefined ? '' : `${event.stack.at(-1) ?? ''}()`,
        kind: 'used',
      };
    }),
  ];
  return moments.sort((a, b) => a.index - b.index);
};

const labelOf = ({ label, references, freed, usedAfter }: StoryObject): string =>
  [
    label,
    ...(references.length === 0 ? [] : ['counted']),
    ...(usedAfter.length > 0 ? ['used after free'] : freed === undefined ? [] : ['freed']),
  ].join(' · ');

/** The one that the finding is about; where nobody counted or freed it, one whose life says more. */
const firstOf = (objects: readonly StoryObject[]): StoryObject | undefined => {
  const [about] = objects;
  const tells = (life: StoryObject): boolean => life.references.length > 0 || life.freed !== undefined;
  return about === undefined || tells(about) ? about : (objects.find(tells) ?? about);
};

/** Who made an object, who held it, who freed it, and who used it after that. */
export const LifePanel = ({ story, selected, goTo }: LifePanelProps) => {
  const objects = story.detail?.objects ?? [];
  const [label, setLabel] = useState(() => firstOf(objects)?.label ?? '');
  const life = objects.find((one) => one.label === label) ?? objects[0];
  const moments = useMemo(() => (life === undefined ? [] : momentsOf(life, story)), [life, story]);
  if (life === undefined) return <p class="nothing">This report tells the life of no object.</p>;
  const past = moments.findLastIndex(({ index }) => index <= selected);
  return (
    <div class="life">
      <label class="pick">
        <span>Object</span>
        <select value={life.label} onChange={({ currentTarget }) => setLabel(currentTarget.value)}>
          {objects.map((one) => (
            <option key={one.label} value={one.label}>
              {labelOf(one)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet-text">
        {life.uses} {life.uses === 1 ? 'step touches' : 'steps touch'} it
        {life.references.length === 0 ? '; nobody counts references to it here.' : '.'}
      </p>
      {life.references.length === 0 ? null : <LifeChart life={life} story={story} selected={selected} />}
      <ol class="moments">
        {moments.map(({ index, what, who, where, kind }, nth) => (
          <li
            key={`${String(index)}-${kind}`}
            class={`moment ${kind} ${nth === past ? 'now' : nth > past ? 'later' : ''}`}
          >
            {index < 0 ? (
              <span class="moment-text">
                <b>{what}</b> before the first step
              </span>
            ) : (
              <button type="button" class="link moment-text" onClick={() => goTo(index)}>
                <span class="number">{index}</span> <b>{what}</b>
              </button>
            )}
            <span class="quiet-text">
              {who} {where === '' ? null : <code>{where}</code>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
};
