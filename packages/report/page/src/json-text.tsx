// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';

/** A value on as few lines as can be read: short ones on one. */
export const jsonText = (value: Json): string => {
  const line = JSON.stringify(value);
  return line.length <= 60 ? line : JSON.stringify(value, undefined, 2);
};

interface ValuesProps {
  readonly values: readonly Json[];
  readonly none: string;
  readonly tone?: 'good' | 'bad';
}

/** The values that an observation may have, one below the other. */
export const Values = ({ values, none, tone }: ValuesProps) =>
  values.length === 0 ? (
    <span class="nothing">{none}</span>
  ) : (
    <ul class={`values ${tone === undefined ? '' : `tone-${tone}`}`}>
      {values.map((value, nth) => (
        <li key={nth}>
          <pre>{jsonText(value)}</pre>
        </li>
      ))}
    </ul>
  );
