// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../site/markdown-links.js';
import { sidebar } from '../site/sidebar.js';

/** What the theme shows too faintly to be read by everybody; and keys that a label of the button does not name. */
const legible = `
html:root { --vp-button-brand-bg: #3a47a8; --vp-button-brand-hover-bg: #313c92; --vp-code-lang-color: #55555e; }
html.dark:root { --vp-button-brand-bg: #3a47a8; --vp-button-brand-hover-bg: #4a58c4; --vp-code-lang-color: #b4b4bd; }
html .DocSearch-Button-Keys { display: none !important; }
`;

const cache = fileURLToPath(new URL('../../.cache/site/', import.meta.url));

export default defineConfig({
  lang: 'en',
  title: 'libmultipath',
  description: 'An executable model of Linux native multipath, held to real kernels',
  // Pages come from all over the repository: docs/site/stage.ts brings them here, with their links.
  srcDir: `${cache}pages`,
  outDir: `${cache}html`,
  cacheDir: `${cache}vite`,
  base: process.env['LIBMULTIPATH_SITE_BASE'] ?? '/',
  ignoreDeadLinks: false,
  head: [['style', {}, legible]],
  markdown: {
    // A page quotes C and outputs: what looks like HTML there is meant as it stands.
    html: false,
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      // `{{` in a text would be read as an expression.
      md.renderer.rules['text'] = (tokens, index) =>
        md.utils.escapeHtml(tokens[index]?.content ?? '').replaceAll('{{', '&#123;&#123;');
    },
  },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial/first-finding' },
      { text: 'How-to', link: '/how-to/write-a-driver', activeMatch: '/how-to/' },
      { text: 'Reference', link: '/reference/cli', activeMatch: '/reference/' },
      { text: 'Explanation', link: '/explanation/model-and-kernel', activeMatch: '/explanation/' },
      { text: 'Findings', link: '/findings/', activeMatch: '/findings/' },
    ],
    sidebar: sidebar(`${cache}pages`),
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      // The API has an index of its own: in the search its thousand pages would bury the others.
      options: {
        _render: (text, env, md) => {
          const { relativePath } = env as { readonly relativePath: string }; // vitepress puts it there
          return relativePath.startsWith('reference/api/') ? '' : md.render(text, env);
        },
      },
    },
    docFooter: { prev: false, next: false },
    footer: { message: 'GPL-2.0-only' },
  },
});
