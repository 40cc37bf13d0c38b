// SPDX-License-Identifier: GPL-2.0-only
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly body: ComponentChildren;
}

interface PanelsProps {
  readonly label: string;
  readonly panels: readonly Panel[];
  /** One below the other; else behind tabs. */
  readonly stacked?: boolean;
}

export const Panels = ({ label, panels, stacked = false }: PanelsProps) => {
  const [open, setOpen] = useState(panels[0]?.id);
  const tabs = useRef<HTMLDivElement>(null);
  if (stacked) {
    return (
      <div class="panels stacked">
        {panels.map(({ id, title, body }) => (
          <section key={id} class="panel scrolls" tabIndex={0} aria-label={title}>
            <h2 class="panel-title">{title}</h2>
            {body}
          </section>
        ))}
      </div>
    );
  }
  const shown = panels.find(({ id }) => id === open) ?? panels[0];
  const turn = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = panels.findIndex(({ id }) => id === shown?.id) + by;
    const to = Number.isFinite(at) ? (at + panels.length) % panels.length : at < 0 ? 0 : panels.length - 1;
    setOpen(panels[to]?.id);
    tabs.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <section class="panels tabbed" aria-label={label}>
      <div class="tabs" role="tablist" aria-label={label} ref={tabs} onKeyDown={turn}>
        {panels.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === shown?.id}
            aria-controls={`panel-${id}`}
            tabIndex={id === shown?.id ? 0 : -1}
            onClick={() => setOpen(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {panels.map(({ id, body }) => (
        <div
          key={id}
          id={`panel-${id}`}
          class="panel scrolls"
          role="tabpanel"
          aria-labelledby={`tab-${id}`}
          tabIndex={0}
          hidden={id !== shown?.id}
        >
          {id === shown?.id ? body : null}
        </div>
      ))}
    </section>
  );
};
