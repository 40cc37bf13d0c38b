// SPDX-License-Identifier: GPL-2.0-only
import { createInterface } from 'node:readline';
import type { VmSpec } from '@libmultipath/contract';
import { exitCodeOf, onEndSignals } from '@libmultipath/harness';
import { printableLines } from '@libmultipath/report';
import { cacheDirOf } from '@libmultipath/vm-images';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, viewOn, type CliContext } from '../context.js';
import { selectScenarios } from '../selection.js';
import { kernelRequests } from '../verify/kernel-request.js';
import { MachineLog } from '../verify/artifacts.js';
import type { LabMachine } from '../verify/laboratory.js';
import { realLaboratory } from '../verify/real-laboratory.js';
import { answerTo } from './agent-line.js';

export interface BootFlags {
  readonly scenario?: string;
  readonly modules?: string;
}

/** A machine with nothing but what the agent needs. */
const PLAIN: VmSpec = {
  nodes: [{ cpus: 2, memoryMiB: 512 }],
  ports: [],
  blocks: [],
  devices: [],
  modules: [],
  kernelArgs: [],
};

/** `mpath vm boot`: a machine, and the guest's agent on a line. */
export const runBoot = async (context: CliContext, flags: BootFlags, kernel: string | undefined): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      const [request] = kernelRequests(kernel === undefined ? [] : [kernel], flags.modules, context.cwd);
      if (request === undefined) throw new Error('a request without a name is for the latest kernel');
      if (flags.scenario !== undefined) config = await loadConfig(findConfig(context.cwd));
      const spec = config === undefined ? PLAIN : await specOf(config, flags.scenario ?? '');
      const view = viewOn(context, context.process.stderr);
      const stop = new AbortController();
      const release = onEndSignals(async (signal) => {
        stop.abort();
        process.exit(exitCodeOf(signal));
      });
      const progress = (text: string): void => view.report({ type: 'progress', text });
      const note = (text: string): void => view.report({ type: 'note', text });
      try {
        const lab = realLaboratory({
          cacheDir: cacheDirOf(context.env),
          keep: false,
          signal: stop.signal,
          progress,
          note,
        });
        const log = new MachineLog();
        const machine = await lab.boot(await lab.kernel(request), spec, log);
        view.end();
        const { banner } = machine;
        const took = `${banner.accelerator}, QEMU ${banner.qemu}, booted in ${banner.bootSeconds.toFixed(1)} s`;
        note(`Linux ${banner.release} (${took}); \`help\` says what can be asked, \`exit\` ends it`);
        try {
          await talk(context, machine, log);
        } finally {
          for (const fault of (await machine.close()).faults) note(fault);
        }
        return 0;
      } finally {
        view.end();
        release();
      }
    },
    () => config?.errors ?? [],
  );
};

const specOf = async (config: LoadedConfig, name: string): Promise<VmSpec> => {
  const [chosen] = await selectScenarios(config, [name], undefined);
  if (chosen === undefined) throw new Error('a scenario that was found is there');
  return chosen.driver.guest.lower(chosen.scenario.topology);
};

/** One line in, its answer out, until the input ends, or `exit`. What the console said meanwhile comes first. */
const talk = async (context: CliContext, machine: LabMachine, log: MachineLog): Promise<void> => {
  const { stdout, stderr } = context.process;
  const say = (output: typeof stdout, text: string): void => {
    for (const line of printableLines(text)) output.write(`${line}\n`);
  };
  log.take();
  const lines = createInterface({ input: process.stdin, terminal: false });
  const ask = (): void => {
    if (stdout.isTTY === true) stderr.write('guest> ');
  };
  ask();
  for await (const line of lines) {
    if (line.trim() === 'exit') break;
    const answer = await answerTo(machine.port, line);
    for (const said of log.take().console) say(stderr, `console: ${said}`);
    if (answer !== '') say(stdout, answer);
    if (machine.failed !== undefined) throw machine.failed;
    ask();
  }
  lines.close();
};
