// SPDX-License-Identifier: GPL-2.0-only
import { useLayoutEffect, useState } from 'preact/hooks';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const marks: Readonly<Record<Theme, string>> = { auto: '◐', light: '☀', dark: '☾' };

/** The system's colours unless one of the two is chosen. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState<Theme>('auto');
  useLayoutEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <button
      type="button"
      class="button quiet icon"
      title={`Colours: ${theme}`}
      aria-label={`Colours: ${theme}. Change to ${next}.`}
      onClick={() => setTheme(next)}
    >
      {marks[theme]}
    </button>
  );
};
