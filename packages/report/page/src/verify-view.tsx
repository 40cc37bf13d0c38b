// SPDX-License-Identifier: GPL-2.0-only
import type { KernelVerdict, ScenarioVerdict, VerifyDocument } from '@libmultipath/contract';
import { useMemo, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { Filters } from './filters.js';
import { Header } from './header.js';
import { Incidents } from './incidents.js';
import { Outcomes } from './outcomes.js';
import { countsOf, lookOf } from './verdicts.js';

interface VerifyViewProps {
  readonly document: VerifyDocument;
}

interface Cell {
  readonly kernel: KernelVerdict;
  readonly row: ScenarioVerdict;
}

interface Line {
  readonly name: string;
  readonly driver: string;
  /** One for each kernel. */
  readonly cells: readonly (Cell | undefined)[];
}

const linesOf = ({ kernels }: VerifyDocument): Line[] => {
  const lines = new Map<string, Line>();
  const keyOf = ({ driver, name }: ScenarioVerdict): string => `${driver}\n${name}`;
  for (const { scenarios } of kernels) {
    for (const row of scenarios) {
      const key = keyOf(row);
      if (lines.has(key)) continue;
      const cells = kernels.map((kernel): Cell | undefined => {
        const own = kernel.scenarios.find((one) => keyOf(one) === key);
        return own === undefined ? undefined : { kernel, row: own };
      });
      lines.set(key, { name: row.name, driver: row.driver, cells });
    }
  }
  return [...lines.values()];
};

/** Where the arrow keys lead in the matrix. */
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Scenarios by kernels; each cell opens what stands behind its verdict. */
export const VerifyView = ({ document: { kernels, summary }, document }: VerifyViewProps) => {
  const [only, setOnly] = useState<string | undefined>(undefined);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<Cell | undefined>(undefined);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const lines = useMemo(() => linesOf(document), [document]);
  const counts = useMemo(
    () => countsOf(kernels.flatMap(({ scenarios }) => scenarios.map(({ verdict }) => verdict))),
    [kernels],
  );
  const wanted = query.trim().toLowerCase();
  const shown = lines.filter(
    ({ name, driver, cells }) =>
      `${driver} ${name}`.toLowerCase().includes(wanted) &&
      (only === undefined || cells.some((cell) => cell?.row.verdict === only)),
  );
  const move = (event: KeyboardEvent): void => {
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const line = Math.min(shown.length - 1, Math.max(0, at[0] + by[0]));
    const kernel = Math.min(kernels.length - 1, Math.max(0, at[1] + by[1]));
    setAt([line, kernel]);
    table.current?.querySelector<HTMLElement>(`[data-cell="${String(line)}-${String(kernel)}"]`)?.focus();
  };
  const [line, column] = [Math.min(at[0], Math.max(0, shown.length - 1)), at[1]];
  return (
    <div class="sheet">
      <Header title="Verification">
        <span class="header-message">
          {kernels.length} {kernels.length === 1 ? 'kernel' : 'kernels'}, {lines.length} scenarios,{' '}
          {summary.observations.toLocaleString('en-US')} observations compared
        </span>
      </Header>
      <Filters counts={counts} only={only} setOnly={setOnly} query={query} setQuery={setQuery} what="scenarios" />
      <main class="sheet-body scrolls" tabIndex={0} aria-label="Scenarios by kernels">
        <table class="matrix" ref={table} role="grid" aria-label="Scenarios by kernels" onKeyDown={move}>
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              {kernels.map((kernel) => (
                <th key={`${kernel.name} ${kernel.release}`} scope="col">
                  <span class="kernel-name">{kernel.name}</span>
                  {/* Two builds of one version are told apart by their releases. */}
                  {kernels.filter(({ name }) => name === kernel.name).length > 1 ? (
                    <span class="quiet-text">{kernel.release}</span>
                  ) : null}
                  <span class="quiet-text">{kernel.accelerator}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, driver, cells }, nth) => (
              <tr key={`${driver} ${name}`}>
                <th scope="row">
                  <span class="scenario-name">{name}</span> <span class="quiet-text">{driver}</span>
                </th>
                {cells.map((cell, kernel) => (
                  <td key={kernel} class={only !== undefined && cell?.row.verdict !== only ? 'dimmed' : ''}>
                    {cell === undefined ? (
                      <span
                        class="cell tone-none"
                        tabIndex={nth === line && kernel === column ? 0 : -1}
                        data-cell={`${String(nth)}-${String(kernel)}`}
                      >
                        not asked
                      </span>
                    ) : (
                      <button
                        type="button"
                        class={`cell tone-${lookOf(cell.row.verdict).tone}`}
                        data-cell={`${String(nth)}-${String(kernel)}`}
                        tabIndex={nth === line && kernel === column ? 0 : -1}
                        onFocus={() => setAt([nth, kernel])}
                        onClick={() => setOpen(cell)}
                      >
                        <span class="cell-mark" aria-hidden="true">
                          {lookOf(cell.row.verdict).mark}
                        </span>
                        {cell.row.verdict}
                      </button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 ? <p class="nothing">No scenario fits.</p> : null}
        <Incidents kernels={kernels} />
      </main>
      <Dialog
        open={open !== undefined}
        close={() => setOpen(undefined)}
        kind="drawer"
        title={open === undefined ? '' : `${open.row.name} on ${open.kernel.name}`}
      >
        {open === undefined ? null : <CellDetail cell={open} />}
      </Dialog>
    </div>
  );
};

const CellDetail = ({ cell: { kernel, row } }: { readonly cell: Cell }) => {
  const look = lookOf(row.verdict);
  return (
    <>
      <p class="verdict-line">
        <span class={`chip tone-${look.tone}`}>
          <span aria-hidden="true">{look.mark} </span>
          {row.verdict}
        </span>{' '}
        {row.observations} observations, {row.runs} {row.runs === 1 ? 'run' : 'runs'}
      </p>
      {row.expected === undefined ? null : (
        <p class="why">
          <b>Expected until {row.expected.until}</b> {row.expected.reason}
        </p>
      )}
      {row.reason === undefined ? null : (
        <>
          <h3>{row.verdict === 'kernel-fault' ? 'Console' : 'Reason'}</h3>
          <pre class={row.verdict === 'kernel-fault' ? 'splat scrolls' : 'reason'} tabIndex={0}>
            {row.reason}
          </pre>
        </>
      )}
      <Outcomes row={row} />
      <h3>Compared</h3>
      <dl class="facts">
        <dt>Kernel</dt>
        <dd>{kernel.release}</dd>
        <dt>Machine</dt>
        <dd>
          {[kernel.accelerator, kernel.qemu].filter((part) => part !== '').join(', ')}
          {kernel.bootSeconds > 0 ? `, booted in ${kernel.bootSeconds.toFixed(1)} s` : ''}
        </dd>
        <dt>Model</dt>
        <dd>
          {row.driver} {row.model}
        </dd>
        {row.bound === undefined ? null : (
          <>
            <dt>Bound</dt>
            <dd>{row.bound}</dd>
          </>
        )}
      </dl>
    </>
  );
};
