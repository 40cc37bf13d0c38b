// SPDX-License-Identifier: GPL-2.0-only
import type { StoryDoc } from '@libmultipath/contract';
import { Prose } from '../prose.js';

interface DocTextProps {
  readonly doc: StoryDoc;
}

/** A doc comment with where it stands. */
export const DocText = ({ doc }: DocTextProps) => (
  <div class="doc">
    {doc.text.split('\n\n').map((paragraph, nth) => (
      <p key={nth}>
        <Prose text={paragraph} />
      </p>
    ))}
    <p class="doc-file">{doc.file}</p>
  </div>
);
