// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryChange, StoryEvent } from '@libmultipath/contract';
import { useMemo, useState } from 'preact/hooks';
import { ownerOf, type States } from '../../../src/page/state-at.js';

interface StatePanelProps {
  readonly story: FindingStory;
  readonly event: StoryEvent | undefined;
  readonly states: States;
}

/** More fields than these are found by typing a part of their name. */
const FIELDS_MAX = 250;

interface Group {
  readonly owner: string;
  readonly fields: readonly { readonly key: string; readonly name: string; readonly value: string }[];
}

const groupsOf = (values: ReadonlyMap<string, string>, first: string): Group[] => {
  const groups = new Map<string, { key: string; name: string; value: string }[]>();
  for (const [key, value] of values) {
    const owner = ownerOf(key);
    const fields = groups.get(owner) ?? [];
    fields.push({ key, name: key.slice(owner.length + 1) || 'memory', value });
    groups.set(owner, fields);
  }
  return [...groups]
    .map(([owner, fields]) => ({ owner, fields }))
    .sort((a, b) => Number(b.owner === first) - Number(a.owner === first));
};

const Change = ({ change }: { readonly change: StoryChange }) => (
  <tr>
    <th scope="row">
      <code>{change.key}</code>
    </th>
    <td>
      <del>{change.before}</del> <span aria-hidden="true">→</span> <ins>{change.after}</ins>
    </td>
  </tr>
);

/** What the step changed, and all that is known of the state after it. */
export const StatePanel = ({ story, event, states }: StatePanelProps) => {
  const [wanted, setWanted] = useState('');
  const { values, changes } = useMemo(() => states.at(event?.index ?? -1), [states, event]);
  const dead = useMemo(
    () =>
      new Set(
        (story.detail?.objects ?? [])
          .filter(({ freed }) => freed !== undefined && event !== undefined && freed.index <= event.index)
          .map(({ label }) => label),
      ),
    [story, event],
  );
  if (story.detail === undefined) return <p class="nothing">This report carries no state.</p>;
  const part = wanted.trim().toLowerCase();
  const fitting = new Map([...values].filter(([key, value]) => `${key} ${value}`.toLowerCase().includes(part)));
  const shown = new Map([...fitting].slice(0, FIELDS_MAX));
  const changed = new Map(changes.map((change) => [change.key, change]));
  return (
    <div class="state">
      <h3>Changed by this step</h3>
      <div class="changes">
        {changes.length === 0 ? (
          <p class="nothing">Nothing: it reads, or what it changes shows with a later step.</p>
        ) : (
          <table class="fields">
            <tbody>
              {changes.map((change) => (
                <Change key={change.key} change={change} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      <div class="state-head">
        <h3>After it</h3>
        <input
          type="search"
          class="filter"
          placeholder="Filter fields"
          aria-label="Filter fields"
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </div>
      {groupsOf(shown, story.object.split('.')[0] ?? '').map(({ owner, fields }) => (
        <table key={owner} class="fields">
          <caption>
            <code>{owner}</code> {dead.has(owner) ? <span class="chip bad">freed</span> : null}
          </caption>
          <tbody>
            {fields.map(({ key, name, value }) => (
              <tr key={key} class={changed.has(key) ? 'changed' : ''}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  {value === '' ? <span class="nothing">empty</span> : value}
                  {changed.has(key) ? <span class="for-readers">, changed by this step</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      {fitting.size > shown.size ? (
        <p class="nothing">{fitting.size - shown.size} more fields: type a part of a name above.</p>
      ) : null}
    </div>
  );
};
