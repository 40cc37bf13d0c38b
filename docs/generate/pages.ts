// SPDX-License-Identifier: GPL-2.0-only
import { cliReference } from './cli-reference.js';
import { errorReference } from './error-reference.js';
import { findingClasses } from './finding-classes.js';
import { likeForLike } from './like-for-like.js';
import { scenarioReference } from './scenario-reference.js';
import { schemaReference } from './schema-reference.js';
import { templateReference } from './template-reference.js';

/** The pages that are written by a program, below docs/. */
export const generatedPages: Readonly<Record<string, (root: string) => string>> = {
  'like-for-like.md': likeForLike,
  'reference/cli.md': cliReference,
  'reference/errors.md': errorReference,
  'reference/finding-classes.md': findingClasses,
  'reference/scenarios.md': scenarioReference,
  'reference/schemas.md': schemaReference,
  'reference/template.md': templateReference,
};
