// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEdge, StoryEvent } from '@libmultipath/contract';
import { useMemo } from 'preact/hooks';
import { placeOf } from './announcer.js';
import { DocText } from './doc-text.js';

interface StepPanelProps {
  readonly story: FindingStory;
  readonly event: StoryEvent | undefined;
  readonly goTo: (index: number) => void;
}

const kinds = { user: 'process', kworker: 'worker', timer: 'timer', irq: 'interrupt' } as const;

interface EdgeListProps {
  readonly title: string;
  readonly edges: readonly StoryEdge[];
  readonly end: 'from' | 'to';
  readonly story: FindingStory;
  readonly goTo: (index: number) => void;
}

const EdgeList = ({ title, edges, end, story, goTo }: EdgeListProps) => (
  <>
    <h3>{title}</h3>
    {edges.length === 0 ? (
      <p class="nothing">No step of another task.</p>
    ) : (
      <ul class="links">
        {edges.map((edge) => {
          const other = story.events.find(({ index }) => index === edge[end]);
          return (
            <li key={edge[end]}>
              <button type="button" class="link" onClick={() => goTo(edge[end])}>
                <span class="number">{edge[end]}</span> {other?.task} <code>{other?.op}</code>
              </button>
              <span class="over">{edge.over === 'starts' ? 'starts the task' : edge.over}</span>
            </li>
          );
        })}
      </ul>
    )}
  </>
);

/** The step that is chosen: who, where in the kernel, what it does, and what it stands before and after. */
export const StepPanel = ({ story, event, goTo }: StepPanelProps) => {
  const { detail } = story;
  const docs = useMemo(() => new Map(detail?.docs?.map((doc) => [doc.fn, doc])), [detail]);
  const [before, after] = useMemo(() => {
    const edges = detail?.edges ?? [];
    return [edges.filter(({ to }) => to === event?.index), edges.filter(({ from }) => from === event?.index)];
  }, [detail, event]);
  if (event === undefined) return <p class="nothing">No step is shown.</p>;
  const task = detail?.tasks.find(({ name }) => name === event.task);
  const innermost = event.stack.at(-1);
  const documented = [...event.stack].reverse();
  return (
    <div class="step">
      <p class="step-head">
        <span class="number">{event.index}</span> <b>{event.task}</b>
        {task === undefined ? null : (
          <span class="quiet-text">
            {' '}
            {kinds[task.kind]}, CPU {task.cpu}
          </span>
        )}
        {event.site === 0 ? <span class="chip bad">shows the finding</span> : null}
        {event.site === 1 ? <span class="chip odd">the other place</span> : null}
      </p>
      <p class="access">
        <code>{event.op}</code> <code class="place">{placeOf(event)}</code>
      </p>
      {event.state === '' ? null : (
        <p class="access-state">
          <code>{event.state}</code>
        </p>
      )}
      <h3>In</h3>
      {innermost === undefined ? (
        <p class="nothing">The test’s own code, outside any kernel function.</p>
      ) : (
        <ol class="stack">
          {documented.map((fn, depth) => {
            const doc = docs.get(fn);
            return (
              <li key={`${fn}-${String(depth)}`}>
                <code class="fn">{fn}()</code>
                {doc === undefined ? null : depth === 0 ? (
                  <DocText doc={doc} />
                ) : (
                  <details>
                    <summary>what it does</summary>
                    <DocText doc={doc} />
                  </details>
                )}
              </li>
            );
          })}
        </ol>
      )}
      {docs.has(event.op) ? (
        <details class="op-doc">
          <summary>
            <code>{event.op}</code> in the model
          </summary>
          {[docs.get(event.op)].map((doc) => (doc === undefined ? null : <DocText key={doc.fn} doc={doc} />))}
        </details>
      ) : null}
      {detail === undefined ? null : (
        <>
          <EdgeList title="Has to come after" edges={before} end="from" story={story} goTo={goTo} />
          <EdgeList title="Has to come before" edges={after} end="to" story={story} goTo={goTo} />
        </>
      )}
    </div>
  );
};
