// SPDX-License-Identifier: GPL-2.0-only
import type { Duplex } from 'node:stream';
import type { LmpError } from '@libmultipath/errors';
import { withDeadline } from './deadline.js';
import { QmpRefusal, fail } from './errors.js';
import { LineSplitter, type SplitLine } from './line-splitter.js';
import { printable } from './printable.js';
import type { QmpArgs, QmpCommandName, QmpCommands, QmpEventName, QmpEvents, QmpVersion } from './qmp-types.js';

const MAX_LINE_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 10_000;

interface Pending {
  readonly command: QmpCommandName;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Message = Readonly<Record<string, unknown>>;

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isVersion = (value: unknown): value is QmpVersion =>
  isMessage(value) && isMessage(value['qemu']) && typeof value['qemu']['major'] === 'number';

/** The QEMU Machine Protocol over one connected stream: commands with ids and deadlines, events. */
export class QmpClient {
  private readonly splitter = new LineSplitter(MAX_LINE_BYTES);
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, Set<(data: never) => void>>();
  private readonly greeting: Promise<QmpVersion>;
  private greet: (version: QmpVersion) => void = () => {};
  private refuseGreeting: (error: Error) => void = () => {};
  private dead: LmpError | undefined;
  private nextId = 1;

  private constructor(
    private readonly stream: Duplex,
    private readonly timeoutMs: number,
  ) {
    this.greeting = new Promise((resolve, reject) => {
      this.greet = resolve;
      this.refuseGreeting = reject;
    });
    this.greeting.catch(() => {});
    stream.on('data', (chunk: Uint8Array) => {
      for (const line of this.splitter.push(chunk)) this.take(line);
    });
    stream.on('error', (error: Error) => this.die(`the control socket failed: ${error.message}`));
    stream.on('close', () => this.die('QEMU closed the control socket'));
    stream.on('end', () => this.die('QEMU closed the control socket'));
  }

  /**
   * Takes the greeting and leaves negotiation mode.
   * @throws LMP-714 no greeting in time, LMP-715 closed, or no QMP
   */
  static async open(
    stream: Duplex,
    options: { timeoutMs?: number } = {},
  ): Promise<{ qmp: QmpClient; version: QmpVersion }> {
    const qmp = new QmpClient(stream, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const version = await withDeadline(qmp.greeting, qmp.timeoutMs, () =>
      fail('LMP-714', { message: `QEMU did not greet within ${qmp.timeoutMs} ms`, where: 'QMP' }),
    );
    await qmp.execute('qmp_capabilities');
    return { qmp, version };
  }

  /**
   * Runs one command.
   * @throws {QmpRefusal} QEMU answered with an error
   * @throws LMP-714 no answer in time, LMP-715 connection dead
   */
  async execute<C extends QmpCommandName>(command: C, ...rest: QmpArgs<C>): Promise<QmpCommands[C]['result']> {
    const [args, options] = rest;
    if (this.dead !== undefined) throw this.dead;
    const id = this.nextId++;
    const timeoutMs = options?.timeoutMs ?? this.timeoutMs;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { command, resolve, reject });
    });
    this.stream.write(
      `${JSON.stringify({ execute: command, ...(args === undefined ? {} : { arguments: args }), id })}\n`,
    );
    try {
      const value = await withDeadline(answer, timeoutMs, () =>
        fail('LMP-714', { message: `QEMU did not answer ${command} within ${timeoutMs} ms`, where: 'QMP' }),
      );
      // QEMU's schema fixes the result of each command; the map in qmp-types.ts is that schema.
      return value as QmpCommands[C]['result'];
    } finally {
      this.pending.delete(id);
    }
  }

  /** Listens to an event until the returned function is called. */
  on<E extends QmpEventName>(event: E, listener: (data: QmpEvents[E]) => void): () => void {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners);
    // One map for all events: the key fixes the type of the data its listeners take.
    const entry = listener as (data: never) => void;
    listeners.add(entry);
    return () => listeners.delete(entry);
  }

  /** The next event that `accepts`; LMP-714 when none came in time. */
  async next<E extends QmpEventName>(
    event: E,
    options: { timeoutMs?: number; accepts?: (data: QmpEvents[E]) => boolean } = {},
  ): Promise<QmpEvents[E]> {
    const timeoutMs = options.timeoutMs ?? this.timeoutMs;
    let stop = (): void => {};
    const came = new Promise<QmpEvents[E]>((resolve) => {
      stop = this.on(event, (data) => {
        if (options.accepts === undefined || options.accepts(data)) resolve(data);
      });
    });
    try {
      return await withDeadline(came, timeoutMs, () =>
        fail('LMP-714', { message: `no event ${event} from QEMU within ${timeoutMs} ms`, where: 'QMP' }),
      );
    } finally {
      stop();
    }
  }

  close(): void {
    this.die('closed by us');
    this.stream.destroy();
  }

  private take(line: SplitLine): void {
    if (line.text === '' && line.droppedBytes === 0) return;
    let message: unknown;
    try {
      message = JSON.parse(line.text);
    } catch {
      message = undefined;
    }
    if (!isMessage(message) || line.droppedBytes > 0) {
      this.die(`QEMU sent a line that is no QMP: ${printable(line.text)}`);
      return;
    }
    const { QMP: greeting, event, id, error } = message;
    if (isMessage(greeting) && isVersion(greeting['version'])) this.greet(greeting['version']);
    else if (typeof event === 'string') this.emit(event, message['data'] ?? {});
    else if (typeof id === 'number') this.answer(id, message);
    else if (isMessage(error)) this.die(`QEMU could not read a command: ${printable(String(error['desc']))}`);
    else this.die(`QEMU sent a line that is no QMP: ${printable(line.text)}`);
  }

  private answer(id: number, message: Message): void {
    const call = this.pending.get(id);
    // An answer after its deadline: nobody waits for it any more.
    if (call === undefined) return;
    const { error } = message;
    if (isMessage(error)) call.reject(new QmpRefusal(call.command, String(error['class']), String(error['desc'])));
    else call.resolve(message['return']);
  }

  private emit(event: string, data: unknown): void {
    // As in on(): the schema of QEMU fixes the data of each event.
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(data as never);
  }

  private die(reason: string): void {
    if (this.dead !== undefined) return;
    this.dead = fail('LMP-715', { message: reason, where: 'QMP' });
    this.refuseGreeting(this.dead);
    for (const call of this.pending.values()) call.reject(this.dead);
    this.pending.clear();
  }
}
