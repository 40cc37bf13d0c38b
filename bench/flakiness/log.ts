// SPDX-License-Identifier: GPL-2.0-only
import type { ScenarioVerdict } from '@libmultipath/contract';
import { incidentText } from '@libmultipath/report';

/** Verdicts that no further run can change, or that are none. */
const settled = new Set(['agree', 'unsupported']);

type Told = Parameters<typeof incidentText>[0];
type Row = Pick<ScenarioVerdict, 'driver' | 'name' | 'verdict' | 'runs'> & {
  readonly outcomes: readonly { readonly seen: number }[];
};

/** What is read of a document. */
interface Document {
  readonly kernels: readonly {
    readonly name: string;
    readonly release: string;
    readonly accelerator: string;
    readonly scenarios: readonly Row[];
    readonly incidents?: readonly Told[] | undefined;
  }[];
}

/**
 * The log of a repeated run as Markdown.
 * @param how how long it took, and on what
 * @returns `steady`: every scenario that the kernel supports agreed in every run, and no machine was lost twice
 */
export const flakinessLog = (document: Document, day: string, how: string): { text: string; steady: boolean } => {
  const rows = document.kernels.flatMap(({ scenarios }) => scenarios);
  const incidents = document.kernels.flatMap((kernel) =>
    (kernel.incidents ?? []).map((incident) => `${kernel.name}: ${incidentText(incident)}`),
  );
  const runs = [...new Set(rows.filter(({ verdict }) => verdict === 'agree').map((row) => row.runs))];
  const steady = rows.every(({ verdict }) => settled.has(verdict)) && runs.length === 1;
  const text = [
    '# The same verdicts each time',
    '',
    `${day}, ${how}: each scenario ${runs.join(' or ') || 'no'} times, every time on a fresh machine; ${steady ? 'the same verdict each time' : 'NOT the same verdict each time'}.`,
    '',
    '| kernel | driver | scenario | verdict | runs | outcomes seen |',
    '| --- | --- | --- | --- | --- | --- |',
    ...document.kernels.flatMap(({ release, accelerator, scenarios }) =>
      scenarios.map((row) => {
        const seen = row.outcomes.filter((outcome) => outcome.seen > 0).map((outcome) => String(outcome.seen));
        return `| ${release} (${accelerator}) | ${row.driver} | ${row.name} | ${row.verdict} | ${String(row.runs)} | ${seen.join(' + ')} |`;
      }),
    ),
    '',
    incidents.length === 0 ? 'No machine was lost.' : `Machines lost and replaced: ${String(incidents.length)}`,
    ...incidents.map((text) => `- ${text}`),
    '',
  ].join('\n');
  return { text, steady };
};
