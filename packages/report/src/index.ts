// SPDX-License-Identifier: GPL-2.0-only

export { diffSchema, documentJsonSchemas, formatDocument, verifySchema } from './document-schemas.js';
export { exitCode, worstExit, type ExitCode } from './exit-code.js';
export { checkScenarioLines, checkSummaryLines, type CheckStyle } from './finding/check-lines.js';
export { checkSchema } from './finding/check-schema.js';
export { findingLines, type FindingStyle, type KnownMark } from './finding/finding-lines.js';
export { findingMail } from './finding/mail.js';
export type { Terminal } from './live-line.js';
export { printable, printableLines } from './printable.js';
export { verifyDocument } from './summary.js';
export { terminalView, type TerminalOptions, type TerminalView } from './terminal-view.js';
export { wrap } from './wrap.js';
