// SPDX-License-Identifier: GPL-2.0-only
import type { Duplex } from 'node:stream';
import { GuestErrno, type GuestHello, type GuestOp, type GuestOps, type GuestPort } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import { withDeadline } from './deadline.js';
import { fail } from './errors.js';
import { LineSplitter, type SplitLine } from './line-splitter.js';
import { printable } from './printable.js';
import { wrongResult } from './result-shapes.js';

/** File content, each byte escaped as six characters at most; the longest is /proc/kallsyms with modules, some 10 MB. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;
const MAX_PENDING = 1024;
const MAX_EVENTS = 64;
const DEFAULT_DEADLINE_MS = 10_000;
const DEFAULT_SLACK_MS = 5_000;
const ERRNO = /^E[A-Z0-9]{1,20}$/;

export interface GuestEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface ChannelOptions {
  /** Deadline of a call that names none. */
  readonly deadlineMs?: number;
  /** What the host waits longer than the guest was told to: transport and a busy machine. */
  readonly slackMs?: number;
}

interface Pending {
  readonly op: GuestOp;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Message = Readonly<Record<string, unknown>>;

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEvent = (value: Message): value is GuestEvent => typeof value['event'] === 'string';

/** JSON in ASCII alone: every other character as `\uXXXX`, so the agent needs no UTF-8. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The deadline an operation carries in its own arguments, if it has one. */
const ownDeadlineMs = (args: object): number | undefined => {
  const value = 'deadlineMs' in args ? args.deadlineMs : undefined;
  return typeof value === 'number' ? value : undefined;
};

/** The host's end of the agent's port: one JSON line each way, calls matched by id. */
export class GuestChannel {
  private readonly splitter = new LineSplitter(MAX_LINE_BYTES);
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Set<(event: GuestEvent) => void>();
  private readonly recent: GuestEvent[] = [];
  private dead: LmpError | undefined;
  private nextId = 1;
  private readonly deadlineMs: number;
  private readonly slackMs: number;
  /** Resolves when the stream has closed, whoever closed it. */
  readonly closed: Promise<void>;
  /** Resolves with the error that ended the channel. */
  readonly failed: Promise<LmpError>;
  private reportFailure: (error: LmpError) => void = () => {};

  constructor(
    private readonly stream: Duplex,
    options: ChannelOptions = {},
  ) {
    this.deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
    this.slackMs = options.slackMs ?? DEFAULT_SLACK_MS;
    this.failed = new Promise((resolve) => {
      this.reportFailure = resolve;
    });
    stream.on('data', (chunk: Uint8Array) => {
      for (const line of this.splitter.push(chunk)) this.take(line);
    });
    this.closed = new Promise((resolve) => {
      stream.on('close', () => resolve());
      stream.on('end', () => resolve());
      // An error is followed by close; what ended the other side is found out there.
      stream.on('error', () => resolve());
    });
  }

  /**
   * Calls the agent. `deadlineMs` is how long the guest may take; the host waits
   * `slackMs` longer before it calls the guest hung. Operations with a deadline among
   * their arguments are bounded by that one.
   * @throws {GuestErrno} the operation failed in the guest
   * @throws LMP-710 dead, LMP-711 garbage, LMP-712 no answer, LMP-716 too many, LMP-720 kernel fault
   */
  async call<K extends GuestOp>(
    op: K,
    args: GuestOps[K]['args'],
    options: { deadlineMs?: number; slackMs?: number } = {},
  ): Promise<GuestOps[K]['result']> {
    if (this.dead !== undefined) throw this.dead;
    if (this.pending.size >= MAX_PENDING) {
      throw fail('LMP-716', { message: `${this.pending.size} calls wait for the guest, no room for ${op}` });
    }
    const id = this.nextId++;
    const guestMs = options.deadlineMs ?? ownDeadlineMs(args) ?? this.deadlineMs;
    const hostMs = Math.max(guestMs, ownDeadlineMs(args) ?? 0) + (options.slackMs ?? this.slackMs);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { op, resolve, reject });
    });
    this.stream.write(`${asciiJson({ id, op, args })}\n`);
    try {
      const value = await withDeadline(answer, hostMs, () =>
        fail('LMP-712', {
          message: `the guest did not answer ${op} ${printable(asciiJson(args), 120)} within ${hostMs} ms`,
          where: 'guest channel',
          todo: 'look at the console of the guest; give the call a longer deadline if the machine is only slow',
        }),
      );
      // take() has checked the value against the shape of `op`.
      return value as GuestOps[K]['result'];
    } finally {
      this.pending.delete(id);
    }
  }

  /** The last events of the agent, oldest first, at most 64: also those from before anyone listened. */
  get events(): readonly GuestEvent[] {
    return this.recent;
  }

  /** Listens to events of the agent until the returned function is called. */
  onEvent(listener: (event: GuestEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends the channel: every waiting and every later call rejects with `error`. The first error stays. */
  fail(error: LmpError): void {
    if (this.dead !== undefined) return;
    this.dead = error;
    for (const call of this.pending.values()) call.reject(error);
    this.pending.clear();
    this.reportFailure(error);
  }

  destroy(): void {
    this.stream.destroy();
  }

  private take(line: SplitLine): void {
    if (this.dead !== undefined || (line.text === '' && line.droppedBytes === 0)) return;
    if (line.droppedBytes > 0) {
      this.garbage(
        `a line of ${MAX_LINE_BYTES + line.droppedBytes} bytes, at most ${MAX_LINE_BYTES} are allowed`,
        line.text,
      );
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(line.text);
    } catch {
      this.garbage('a line that is no JSON', line.text);
      return;
    }
    if (!isMessage(message)) this.garbage('JSON that is no object', line.text);
    else if ('id' in message) this.answer(message, line.text);
    else if (isEvent(message)) this.event(message);
    else this.garbage('an object that is neither an answer nor an event', line.text);
  }

  private event(event: GuestEvent): void {
    this.recent.push(event);
    if (this.recent.length > MAX_EVENTS) this.recent.shift();
    for (const listener of [...this.listeners]) listener(event);
  }

  private answer(message: Message, text: string): void {
    const { id, ok, error } = message;
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id >= this.nextId) {
      this.garbage('an answer to an id that was never asked', text);
      return;
    }
    const call = this.pending.get(id);
    // Asked, and past its deadline: late, not wrong.
    if (call === undefined) return;
    if (isMessage(error) && !('ok' in message)) {
      const { errno, message: what } = error;
      if (typeof errno !== 'string' || !ERRNO.test(errno) || typeof what !== 'string') {
        this.garbage(`an error without errno name and message to ${call.op}`, text);
        return;
      }
      call.reject(new GuestErrno(call.op, errno, what));
      return;
    }
    const wrong = 'error' in message ? 'both ok and error, or an error that is no object' : wrongResult(call.op, ok);
    if (wrong === undefined) call.resolve(ok);
    else this.garbage(`a result of the wrong shape to ${call.op} (${wrong})`, text);
  }

  private garbage(what: string, text: string): void {
    this.fail(
      fail('LMP-711', {
        message: `the guest sent ${what}: ${printable(text)}`,
        where: 'guest channel',
        todo: 'check that the image was built with this version of the agent',
      }),
    );
  }
}

/** The channel as scenario steps see it. */
export const guestPort = (channel: GuestChannel, hello: GuestHello): GuestPort => ({
  hello,
  call: (op, args, options) => channel.call(op, args, options),
});
