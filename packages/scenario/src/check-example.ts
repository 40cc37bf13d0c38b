// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/contract';
import type { VocabularyWord } from './parse-word.js';
import { WINDOW } from './substitute.js';
import { YamlSource } from './yaml-source.js';

const isMapping = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Is a word's example an entry of a scenario file with that word, which its own schema takes?
 * @returns what is wrong, or undefined
 */
export const checkExample = (name: string, word: VocabularyWord, kind: 'step' | 'observation'): string | undefined => {
  let entry: Json;
  try {
    entry = YamlSource.read(word.example.replaceAll(WINDOW, '1'), 'example').value;
  } catch (error) {
    return `is no YAML: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (kind === 'observation') {
    if (!isMapping(entry) || !Object.hasOwn(entry, 'observe')) return 'is no `observe:` entry';
    entry = entry['observe'] ?? null;
  }
  const keys = isMapping(entry) ? Object.keys(entry).filter((key) => kind === 'step' || key !== 'as') : [];
  if (entry !== name && !(isMapping(entry) && keys.length === 1 && keys[0] === name))
    return `is no entry with \`${name}\``;
  const raw = isMapping(entry) ? (entry[name] ?? undefined) : undefined;
  return word.args.safeParse(raw).success ? undefined : 'is refused by the word’s own schema';
};
