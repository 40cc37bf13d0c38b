// SPDX-License-Identifier: GPL-2.0-only
import { fork, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { once } from 'node:events';
import type { Answers, Ask, Said } from './messages.js';

/** Loading the models takes about a second; a busy machine may need many times that. */
const LOAD_MS = 120_000;

/** A process did not answer in time: a loop without steps, which no search can leave. */
export class NoAnswer extends Error {}

/** The model threw outside a search. */
export class Failed extends Error {}

/** A process with mutated modules, asked one question after the other. */
export class ModelProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Probes reached while the modules were loaded. */
    readonly reachedAtLoad: readonly number[],
  ) {}

  /**
   * @param modules address of a module → JavaScript file that stands in for it
   * @param atLoad mutant that is alive while modules are loaded
   * @throws Error the models cannot be loaded
   */
  static async start(child: string, modules: ReadonlyMap<string, string>, atLoad = -1): Promise<ModelProcess> {
    const hook = pathToFileURL(child.replace(/child\.ts$/, 'load-hook.mjs')).href;
    const data = JSON.stringify({ replaced: [...modules] });
    const preload = `import { register } from 'node:module'; register(${JSON.stringify(hook)}, { data: ${data} });`;
    const forked = fork(child, [String(atLoad)], {
      execArgv: ['--import', `data:text/javascript,${encodeURIComponent(preload)}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    forked.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-4_000);
    });
    try {
      const said = await heard(forked, LOAD_MS, () => stderr);
      if ('loaded' in said) return new ModelProcess(forked, said.loaded);
      throw new Error('failed' in said ? said.failed : 'a process answered before it was asked');
    } catch (error) {
      forked.kill('SIGKILL');
      throw error;
    }
  }

  /** @throws NoAnswer; Failed; Error the process ended */
  async ask<W extends Ask['what']>(ask: Extract<Ask, { what: W }>, timeoutMs: number): Promise<Answers[W]> {
    const answer = heard(this.child, timeoutMs, () => '');
    this.child.send(ask);
    const said = await answer;
    if ('failed' in said) throw new Failed(said.failed);
    if (!('answer' in said)) throw new Error('a process loaded twice');
    // The process answers what it was asked.
    return said.answer as Answers[W];
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

const heard = (child: ChildProcess, timeoutMs: number, stderr: () => string): Promise<Said> =>
  new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(limit);
      child.off('message', onMessage);
      child.off('exit', onExit);
      settle();
    };
    const onMessage = (said: unknown): void => done(() => resolve(said as Said));
    const onExit = (code: number | null, signal: string | null): void =>
      done(() => reject(new Error(`a process ended with ${String(code ?? signal)} ${stderr()}`)));
    const limit = setTimeout(
      () => done(() => reject(new NoAnswer(`no answer within ${String(timeoutMs)} ms`))),
      timeoutMs,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
