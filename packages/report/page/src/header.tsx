// SPDX-License-Identifier: GPL-2.0-only
import type { ComponentChildren } from 'preact';
import { ThemeButton } from './theme-button.js';

interface HeaderProps {
  readonly title: string;
  readonly back?: boolean;
  readonly children?: ComponentChildren;
}

/** What this is, and one way back. */
export const Header = ({ title, back = false, children }: HeaderProps) => (
  <header class="header">
    {back ? (
      <a class="button quiet icon" href="#/" aria-label="All findings" title="All findings">
        ←
      </a>
    ) : (
      <span class="brand" aria-hidden="true">
        mpath
      </span>
    )}
    <h1 class="header-title">{title}</h1>
    <div class="header-more">{children}</div>
    <ThemeButton />
  </header>
);
