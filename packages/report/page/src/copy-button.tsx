// SPDX-License-Identifier: GPL-2.0-only
import { useEffect, useState } from 'preact/hooks';

/** Where the page may not use the clipboard: selects the text, which any browser can copy. */
const copyBySelection = (text: string): boolean => {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'off-screen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
};

export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
};

const SHOWN_MS = 2_000;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  readonly quiet?: boolean;
}

/** Copies a text and says so; its width does not change with what it says. */
export const CopyButton = ({ text, label, quiet = false }: CopyButtonProps) => {
  const [said, setSaid] = useState<'copied' | 'failed' | undefined>(undefined);
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said, text]);
  const word = said === undefined ? label : said === 'copied' ? 'Copied' : 'Not copied';
  return (
    <button
      type="button"
      class={`button copy ${quiet ? 'quiet' : ''}`}
      onClick={() => void copyText(text).then((done) => setSaid(done ? 'copied' : 'failed'))}
    >
      <span class="copy-word" aria-hidden="true">
        {word}
      </span>
      <span class="copy-room" aria-hidden="true">
        {label.length > 10 ? label : 'Not copied'}
      </span>
      <span class="for-readers">{label}</span>
      <span class="for-readers" role="status">
        {said === undefined ? '' : word}
      </span>
    </button>
  );
};
