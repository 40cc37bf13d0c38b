// SPDX-License-Identifier: GPL-2.0-only
import type { DiffScenario } from './diff-document.js';
import type { ScenarioVerdict } from './verify-document.js';

/** The one stream that every view (terminal, JSON …) is made from. */
export type ReportEvent =
  /** A stage began: what is being done now. */
  | { readonly type: 'stage'; readonly title: string }
  /** A line of progress within the stage. */
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'stage-done'; readonly title: string; readonly seconds: number; readonly detail?: string }
  | {
      readonly type: 'banner';
      readonly kernel: string;
      readonly release: string;
      readonly accelerator: string;
      readonly qemu: string;
      readonly bootSeconds: number;
    }
  | { readonly type: 'scenario'; readonly kernel: string; readonly verdict: ScenarioVerdict; readonly seconds: number }
  | { readonly type: 'diff'; readonly scenario: DiffScenario }
  | { readonly type: 'note'; readonly text: string };

export type Report = (event: ReportEvent) => void;
