// SPDX-License-Identifier: GPL-2.0-only
import { render } from 'preact';
import type { PageData } from '../../src/page/page-data.js';
import { App } from './app.js';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import './page.css';

/** What mpath wrote; `none`: the template itself was opened. */
const read = (): PageData | { readonly kind: 'none' } =>
  // mpath writes the element from a value of this type.
  JSON.parse(document.getElementById('data')?.textContent ?? '{"kind":"none"}') as PageData | { kind: 'none' };

const root = document.getElementById('page');
if (root !== null) {
  root.replaceChildren();
  render(<App data={read()} />, root);
}
