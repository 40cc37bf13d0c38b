// SPDX-License-Identifier: GPL-2.0-only

export { githubLines } from './ci/github.js';
export { junitText } from './ci/junit.js';
export { ktapText } from './ci/ktap.js';
export type { TestedDocument } from './ci/test-rows.js';
export { diffSchema, documentJsonSchemas, formatDocument, verifySchema } from './document-schemas.js';
export { exitCode, worstExit, type ExitCode } from './exit-code.js';
export { checkScenarioLines, checkSummaryLines, type CheckStyle } from './finding/check-lines.js';
export { checkSchema } from './finding/check-schema.js';
export { findingLines, type FindingStyle, type KnownMark } from './finding/finding-lines.js';
export { findingMail } from './finding/mail.js';
export { reportErrors } from './errors.js';
export type { Terminal } from './live-line.js';
export type { PageData, PageStory } from './page/page-data.js';
export { pageHtml, pageStory } from './page/page-html.js';
export { incidentText } from './incident-text.js';
export { printable, printableLines } from './printable.js';
export { verifyDocument } from './summary.js';
export { terminalView, type Level, type TerminalOptions, type TerminalView } from './terminal-view.js';
export { wrap } from './wrap.js';
