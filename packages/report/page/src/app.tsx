// SPDX-License-Identifier: GPL-2.0-only
import { useEffect } from 'preact/hooks';
import type { PageData } from '../../src/page/page-data.js';
import { CheckView } from './check-view.js';
import { DiffView } from './diff-view.js';
import { FindingView } from './finding/finding-view.js';
import { Header } from './header.js';
import { useRoute } from './route.js';
import { VerifyView } from './verify-view.js';

interface AppProps {
  readonly data: PageData | { readonly kind: 'none' };
}

const titles = {
  check: 'Check',
  replay: 'Replay',
  verify: 'Verification',
  diff: 'Difference',
  none: 'Report',
} as const;

export const App = ({ data }: AppProps) => {
  const { finding } = useRoute();
  const stories = data.kind === 'check' || data.kind === 'replay' ? data.stories : [];
  const wanted = finding ?? (data.kind === 'replay' ? stories[0]?.story.finding.id : undefined);
  const shown = stories.find(({ story }) => story.finding.id === wanted);
  const title = shown === undefined ? titles[data.kind] : shown.story.finding.id;
  useEffect(() => {
    document.title = `${title} · mpath`;
  }, [title]);
  if (shown !== undefined) {
    return <FindingView key={shown.story.finding.id} shown={shown} stories={stories} home={data.kind === 'check'} />;
  }
  switch (data.kind) {
    case 'check':
      return <CheckView document={data.document} stories={data.stories} />;
    case 'verify':
      return <VerifyView document={data.document} />;
    case 'diff':
      return <DiffView document={data.document} />;
    case 'replay':
    case 'none':
      return (
        <div class="sheet">
          <Header title="Report" />
          <main class="sheet-body">
            <p>There is nothing in this report. mpath writes one with --html FILE.</p>
          </main>
        </div>
      );
  }
};
