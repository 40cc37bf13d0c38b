// SPDX-License-Identifier: GPL-2.0-only

interface ProseProps {
  readonly text: string;
}

/** Text in which what stands in backquotes is code. */
export const Prose = ({ text }: ProseProps) => (
  <>{text.split('`').map((part, nth) => (nth % 2 === 1 ? <code key={nth}>{part}</code> : part))}</>
);
