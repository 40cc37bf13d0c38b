// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { agentSourceDir, agentSources } from '../agent.js';
import { runTool } from '../run-tool.js';

/** The agent with the address and undefined-behaviour sanitizers: a fault ends it with a report. */
export const buildSanitizedAgent = async (dir: string): Promise<string> => {
  const program = join(dir, 'agent-sanitized');
  const flags = ['-g', '-O1', '-pthread', '-Wall', '-Wextra', '-Werror'];
  const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  const sources = (await agentSources()).map((file) => join(agentSourceDir, file));
  const result = await runTool('gcc', [...flags, ...sanitizers, '-o', program, ...sources], { timeoutMs: 120_000 });
  if (result.failed) throw new Error(result.stderr);
  return program;
};
