// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, Json, ScenarioStep } from '@libmultipath/contract';
import { parseWord, type Names } from './parse-word.js';
import { choices, suggestion, type Problems } from './problems.js';
import { shown } from './schema-problems.js';
import type { Path } from './yaml-source.js';

/** A word and its argument as they stand in the file. */
interface Entry {
  readonly word: string;
  readonly raw: Json | undefined;
  /** Of the argument, or of the bare word. */
  readonly at: Path;
  readonly as?: Json;
}

type Mapping = Readonly<Record<string, Json>>;

const isMapping = (value: Json): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the entries of `steps` from top to bottom against the driver's vocabulary. */
export const parseSteps = (
  problems: Problems,
  driver: AnyDriver,
  names: Names,
  entries: readonly Json[],
  windowSecs: number | undefined,
): ScenarioStep[] => {
  const labels = new Set<string>();
  const verbs = Object.keys(driver.steps);
  const observations = Object.keys(driver.observations);

  const doStep = (entry: Entry): ScenarioStep[] => {
    const { source } = problems;
    const definition = Object.hasOwn(driver.steps, entry.word) ? driver.steps[entry.word] : undefined;
    const position =
      typeof entry.at.at(-1) === 'string' ? source.keyAt(entry.at.slice(0, -1), entry.word) : source.at(entry.at);
    if (definition === undefined) {
      const known = Object.hasOwn(driver.observations, entry.word);
      const advice = known ? `write \`observe: ${entry.word}\`` : suggestion(entry.word, [...verbs, 'observe']);
      problems.add('LMP-405', position, `unknown step \`${entry.word}\` of driver ${driver.name}`, advice);
      return [];
    }
    const args = parseWord(problems, names, definition, entry.raw, entry.at, windowSecs);
    return [{ kind: 'do', verb: entry.word, args, ...position }];
  };

  const observeStep = (entry: Entry): ScenarioStep[] => {
    const { source } = problems;
    const definition = Object.hasOwn(driver.observations, entry.word) ? driver.observations[entry.word] : undefined;
    const position = source.at(entry.at);
    if (definition === undefined) {
      const advice = suggestion(entry.word, observations);
      problems.add('LMP-406', position, `unknown observation \`${entry.word}\` of driver ${driver.name}`, advice);
      return [];
    }
    const args = parseWord(problems, names, definition, entry.raw, entry.at, windowSecs);
    const label = labelOf(entry);
    if (label === undefined) {
      problems.add('LMP-403', position, `\`as\`: expected a label, found ${shown(entry.as)}`);
      return [];
    }
    if (labels.has(label)) {
      const advice = `give this one a label: \`observe: { ${entry.word}: …, as: LABEL }\``;
      problems.add('LMP-409', position, `two observations of the label \`${label}\``, advice);
    }
    labels.add(label);
    return [{ kind: 'observe', observation: entry.word, args, label, ...position }];
  };

  const observed = (raw: Json, at: Path): ScenarioStep[] => {
    if (Array.isArray(raw)) {
      if (raw.length === 0)
        problems.add('LMP-413', problems.source.at(at), 'expected at least one observation, found []');
      // Array.isArray narrows a readonly list to any[]; its items are JSON as the list is.
      return (raw as readonly Json[]).flatMap((item, index) => observedOne(item, [...at, index]));
    }
    return observedOne(raw, at);
  };

  const observedOne = (raw: Json, at: Path): ScenarioStep[] => {
    if (typeof raw === 'string') return observeStep({ word: raw, raw: undefined, at });
    const words = isMapping(raw) ? Object.keys(raw).filter((key) => key !== 'as') : [];
    const [word] = words;
    if (!isMapping(raw) || word === undefined || words.length > 1) {
      const message = `expected one observation, found ${shown(raw)}`;
      problems.add(
        'LMP-413',
        problems.source.at(at),
        message,
        'write `observe: WORD` or `observe: { WORD: ARGUMENT }`',
      );
      return [];
    }
    const as = Object.hasOwn(raw, 'as') ? { as: raw['as'] ?? null } : {};
    return observeStep({ word, raw: raw[word], at: [...at, word], ...as });
  };

  return entries.flatMap((raw, index): ScenarioStep[] => {
    const at: Path = ['steps', index];
    if (typeof raw === 'string') return doStep({ word: raw, raw: undefined, at });
    const words = isMapping(raw) ? Object.keys(raw) : [];
    const [word] = words;
    if (!isMapping(raw) || word === undefined || words.length > 1) {
      const message =
        words.length > 1 ? `expected one step, found ${choices(words)}` : `expected one step, found ${shown(raw)}`;
      problems.add(
        'LMP-413',
        problems.source.at(at),
        message,
        'begin each step with a dash of its own: `- VERB: ARGUMENT`',
      );
      return [];
    }
    const argument = raw[word];
    if (word === 'observe') return observed(argument ?? null, [...at, word]);
    return doStep({ word, raw: argument, at: [...at, word] });
  });
};

/** `as`, else the word, with its argument where that is one scalar. */
const labelOf = ({ word, raw, as }: Entry): string | undefined => {
  if (as !== undefined) return typeof as === 'string' && as.length > 0 && as.length <= 64 ? as : undefined;
  return raw === undefined || raw === null || typeof raw === 'object' ? word : `${word} ${String(raw)}`;
};
