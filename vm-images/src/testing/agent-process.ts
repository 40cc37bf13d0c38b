// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';

export interface Answer {
  readonly id?: number;
  readonly ok?: Record<string, unknown>;
  readonly error?: { readonly errno: string; readonly message: string };
  readonly event?: string;
  readonly message?: string;
}

export interface AgentProcess {
  /** Sends a request and waits for its answer. */
  readonly ask: (op: string, args?: Record<string, unknown>) => Promise<Answer>;
  /** The `ok` of an answer; a failure is thrown. */
  readonly call: (op: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly raw: (text: string | Uint8Array) => void;
  /** Waits for the next event that no one has taken yet. */
  readonly event: () => Promise<Answer>;
  /** Closes the input and waits for the end. */
  readonly close: () => Promise<{ code: number | null; stderr: string }>;
}

/** The agent as a program of this machine, over its standard input and output. */
export const startAgent = (program: string): AgentProcess => {
  const child = spawn(program, ['--stdio'], { stdio: 'pipe' });
  const waiting = new Map<number, (answer: Answer) => void>();
  const events: Answer[] = [];
  const eventWaiters: ((answer: Answer) => void)[] = [];
  let partial = '';
  let stderr = '';
  let lastId = 0;
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const lines = (partial + data).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) {
      // What the agent writes is the thing under test: each test looks at what it uses.
      const answer = JSON.parse(line) as Answer;
      if (answer.id === undefined) {
        const waiter = eventWaiters.shift();
        if (waiter === undefined) events.push(answer);
        else waiter(answer);
      } else {
        waiting.get(answer.id)?.(answer);
        waiting.delete(answer.id);
      }
    }
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((done) => {
    child.on('close', (code) => {
      done({ code, stderr });
    });
  });
  const raw = (text: string | Uint8Array): void => {
    child.stdin.write(text);
  };
  const ask = (op: string, args?: Record<string, unknown>): Promise<Answer> =>
    new Promise((done) => {
      const id = ++lastId;
      waiting.set(id, done);
      raw(`${JSON.stringify({ id, op, args })}\n`);
    });
  return {
    raw,
    ask,
    call: async (op, args) => {
      const answer = await ask(op, args);
      if (answer.ok === undefined) throw new Error(`${op}: ${answer.error?.errno}: ${answer.error?.message}`);
      return answer.ok;
    },
    event: () => {
      const there = events.shift();
      return there === undefined ? new Promise((done) => eventWaiters.push(done)) : Promise.resolve(there);
    },
    close: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
};
