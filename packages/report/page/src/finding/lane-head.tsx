// SPDX-License-Identifier: GPL-2.0-only
import type { StoryTask } from '@libmultipath/contract';
import { laneColour, type Geometry } from './geometry.js';

const kinds = { user: 'process', kworker: 'worker', timer: 'timer', irq: 'interrupt' } as const;

interface LaneHeadProps {
  readonly lanes: readonly StoryTask[];
  readonly geometry: Geometry;
}

/** Names of the lanes: above them where they are wide enough, else a number above and a legend. */
export const LaneHead = ({ lanes, geometry }: LaneHeadProps) => {
  const { gutterPx, lanePx, named } = geometry;
  return (
    <div class="lane-head">
      {named ? null : (
        <ul class="legend scrolls" aria-label="Tasks" tabIndex={0}>
          {lanes.map(({ name, kind, cpu }, lane) => (
            <li key={name}>
              <span class="lane-number" style={{ color: laneColour(lane) }}>
                {lane + 1}
              </span>{' '}
              {name}{' '}
              <span class="quiet-text">
                {kinds[kind]}
                {kind === 'user' ? ` · CPU ${String(cpu)}` : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div class="lane-names" style={{ paddingLeft: `${String(gutterPx)}px` }}>
        {lanes.map(({ name, kind, cpu }, lane) => (
          <div
            key={name}
            class="lane-name"
            title={`${name}: ${kinds[kind]}, CPU ${String(cpu)}`}
            style={{ width: `${String(lanePx)}px`, color: laneColour(lane) }}
          >
            {named ? (
              <>
                <b>{name}</b>
                <span class="lane-kind">
                  {kinds[kind]} · CPU {cpu}
                </span>
              </>
            ) : (
              <b aria-hidden="true">{lane + 1}</b>
            )}
          </div>
        ))}
        <div class="lane-rest" aria-hidden="true">
          {geometry.compact ? (
            'step'
          ) : (
            <>
              <span>function</span>
              <span>access</span>
              <span>state</span>
            </>
          )}
        </div>
      </div>
    </div>
  );
};
