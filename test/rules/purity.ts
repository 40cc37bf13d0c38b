// SPDX-License-Identifier: GPL-2.0-only
import { modelFolders, pathPattern } from '../rooms.mjs';
import { isTest, type Rule } from '../tree.js';
import { wordsOf } from '../words.js';

const forbidden = new Set([
  'Date',
  'performance',
  'process',
  'console',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'globalThis',
]);
const folders = new RegExp(modelFolders.map(pathPattern).join('|'));

/** The model reads no clock, no chance, no console and no environment: same inputs, same run. */
export const purity: Rule = (files) =>
  files
    .filter(({ path }) => folders.test(path) && !isTest(path))
    .flatMap(({ path, text }) =>
      wordsOf(path, text)
        .filter(
          ({ kind, value, of, isPart }) =>
            (kind === 'identifier' && !isPart && forbidden.has(value)) ||
            (of === 'Math' && value === 'random') ||
            (kind === 'text' && value.startsWith('node:')),
        )
        .map(({ value, line }) => ({ where: `${path}:${line}`, message: `the model may not use ${value}` })),
    );
