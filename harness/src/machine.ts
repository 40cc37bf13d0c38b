// SPDX-License-Identifier: GPL-2.0-only
import type { GuestHello, GuestPort, VmSpec } from '@libmultipath/contract';
import { isLmpError, type LmpError } from '@libmultipath/errors';
import { within } from './deadline.js';
import { KernelFaultError, fail } from './errors.js';
import type { ExpectedFault, FaultExpectation, KernelFault } from './fault-watch.js';
import type { GuestChannel, GuestEvent } from './guest-channel.js';
import type { GuestConsole } from './guest-console.js';
import { endedEarly, type Launch } from './launch.js';
import { AGENT_PORT_ID } from './lower-spec.js';
import { QmpMachinePort } from './machine-port.js';
import { describeExit, killQemu, type QemuExit, type QemuProcess } from './qemu-process.js';
import type { QmpClient } from './qmp-client.js';
import type { Vm, VmBanner, VmEnd, VmTimeouts } from './vm.js';

/** After a closed channel or console: how long QEMU itself may take to end. */
const EXIT_GRACE_MS = 3_000;
const TAIL_LINES = 12;

export interface MachineParts {
  readonly launch: Launch;
  readonly process: QemuProcess;
  readonly qmp: QmpClient;
  readonly channel: GuestChannel;
  readonly console: GuestConsole;
  readonly spec: VmSpec;
  readonly timeouts: VmTimeouts;
}

/** The last console lines as they stand in a message. */
export const excerpt = (console: GuestConsole): string => {
  const lines = console.tail(TAIL_LINES);
  return lines.length === 0
    ? 'the console is empty'
    : `the console ends with\n${lines.map((line) => `  | ${line}`).join('\n')}`;
};

/** A machine that has been put together: finds out why it fails, and ends it. */
export class Machine implements Vm {
  readonly spec: VmSpec;
  readonly qmp: QmpClient;
  readonly failure: Promise<LmpError>;
  private error: LmpError | undefined;
  private reportFailure: (error: LmpError) => void = () => {};
  private exit: QemuExit | undefined;
  private lastShutdown = '';
  private hung = false;
  private ready: { readonly port: GuestPort; readonly banner: VmBanner } | undefined;
  private ending: Promise<VmEnd> | undefined;

  constructor(readonly parts: MachineParts) {
    this.spec = parts.spec;
    this.qmp = parts.qmp;
    this.failure = new Promise((resolve) => {
      this.reportFailure = resolve;
    });
    parts.launch.takeover = () => this.abort();
    this.watch();
  }

  get port(): GuestPort {
    return this.assembled.port;
  }

  get banner(): VmBanner {
    return this.assembled.banner;
  }

  get pid(): number {
    return this.parts.process.pid ?? -1;
  }

  get runDir(): string {
    return this.parts.launch.runDir.path;
  }

  get faults(): readonly KernelFault[] {
    return this.parts.console.faults;
  }

  get guestEvents(): readonly GuestEvent[] {
    return this.parts.channel.events;
  }

  get failed(): LmpError | undefined {
    return this.error;
  }

  console(count?: number): readonly string[] {
    return this.parts.console.tail(count);
  }

  onFault(listener: (fault: KernelFault) => void): () => void {
    return this.parts.console.onFault(listener);
  }

  onGuestEvent(listener: (event: GuestEvent) => void): () => void {
    return this.parts.channel.onEvent(listener);
  }

  expectFault(expectation: FaultExpectation): ExpectedFault {
    return this.parts.console.expectFault(expectation);
  }

  /** The guest has answered: from here on it is a `Vm`. */
  becomeReady(hello: GuestHello, banner: VmBanner): Vm {
    const { channel } = this.parts;
    const call: GuestPort['call'] = async (op, args, options) => {
      try {
        return await channel.call(op, args, options);
      } catch (error) {
        if (isLmpError(error) && error.code === 'LMP-712') this.hung = true;
        throw error;
      }
    };
    this.ready = { port: { hello, call, machine: new QmpMachinePort(this.qmp, this.failure) }, banner };
    return this;
  }

  /** Makes the machine unusable: every call rejects with `error`. The first error stays. */
  failWith(error: LmpError): void {
    if (this.error !== undefined || this.ending !== undefined) return;
    this.error = error;
    this.parts.channel.fail(error);
    this.reportFailure(error);
  }

  close(options: { readonly fast?: boolean } = {}): Promise<VmEnd> {
    this.ending ??= this.finish(options.fast === true ? 'quit' : 'poweroff');
    return this.ending;
  }

  /** Ends it without asking the guest: for signals and failed boots. */
  async abort(): Promise<void> {
    // A close() under way may still be waiting for the guest.
    if (this.ending !== undefined) this.parts.process.signal('SIGTERM');
    this.ending ??= this.finish('kill');
    await this.ending;
  }

  private get assembled(): { readonly port: GuestPort; readonly banner: VmBanner } {
    if (this.ready === undefined) throw fail('LMP-740', { message: 'the machine is not ready yet' });
    return this.ready;
  }

  private watch(): void {
    const { process, qmp, channel, console } = this.parts;
    console.onFault((fault) => {
      if (!fault.expected) this.failWith(new KernelFaultError(fault));
    });
    qmp.on('SHUTDOWN', ({ reason }) => {
      this.lastShutdown = reason;
    });
    qmp.on('VSERPORT_CHANGE', ({ id, open }) => {
      if (id === AGENT_PORT_ID && !open) void this.explainEnd();
    });
    void channel.closed.then(() => this.explainEnd());
    void channel.failed.then((error) => this.failWith(error));
    void process.exited.then((exit) => {
      this.exit = exit;
      return this.explainEnd();
    });
  }

  /**
   * Several things end at once when a guest panics or QEMU dies; the error is the one
   * nearest to the cause: a report on the console, then the end of QEMU, then the channel.
   */
  private async explainEnd(): Promise<void> {
    const { process, console } = this.parts;
    const exited = await within(process.exited, EXIT_GRACE_MS);
    if (exited.done) await within(console.drained, EXIT_GRACE_MS);
    if (this.error !== undefined || this.ending !== undefined) return;
    this.failWith(exited.done ? this.qemuEnded(exited.value) : this.channelDead());
  }

  private qemuEnded(exit: QemuExit): LmpError {
    const { process, console } = this.parts;
    const early = endedEarly(exit, process.stderr(), this.lastShutdown);
    if (this.ready === undefined && console.tail(1).length === 0 && isLmpError(early)) return early;
    const why = this.lastShutdown === '' ? '' : `, last shutdown reason ${this.lastShutdown}`;
    const printed = process.stderr() === '' ? '' : `, it printed: ${process.stderr()}`;
    return fail(this.ready === undefined ? 'LMP-702' : 'LMP-703', {
      message: `QEMU ended ${this.ready === undefined ? 'before the guest was ready' : 'under the running guest'} (${describeExit(exit)}${why}${printed}); ${excerpt(console)}`,
      where: 'qemu',
      todo: 'look at the console lines, and whether the machine ran out of memory',
    });
  }

  private channelDead(): LmpError {
    return fail('LMP-710', {
      message: `the agent closed the guest channel; ${excerpt(this.parts.console)}`,
      where: 'guest channel',
      todo: 'boot again; when it happens again, the agent crashes: look at the console with --keep',
    });
  }

  private async finish(first: 'poweroff' | 'quit' | 'kill'): Promise<VmEnd> {
    const { launch, channel, console, qmp } = this.parts;
    const ended = fail('LMP-740', { message: 'the virtual machine was ended' });
    if (first !== 'poweroff') channel.fail(ended);
    let keptDir: string | undefined;
    let how: VmEnd['how'];
    try {
      how = await this.stop(first);
      await within(console.drained, EXIT_GRACE_MS);
    } finally {
      channel.fail(ended);
      channel.destroy();
      qmp.close();
      keptDir = await launch.dispose();
    }
    return {
      how,
      exitCode: this.exit?.exitCode,
      signal: this.exit?.signal,
      faults: console.faults,
      unmetExpectations: console.unmetExpectations,
      keptDir,
    };
  }

  private async stop(first: 'poweroff' | 'quit' | 'kill'): Promise<VmEnd['how']> {
    const { process, channel, qmp, timeouts } = this.parts;
    if (this.exit !== undefined) return 'gone';
    const ends = async (timeoutMs: number): Promise<boolean> => (await within(process.exited, timeoutMs)).done;
    // A guest that has failed or hangs would only use up the deadline.
    if (first === 'poweroff' && this.error === undefined && !this.hung) {
      const asked = channel.call('poweroff', {}, { deadlineMs: timeouts.poweroffMs, slackMs: 0 });
      // Answered or not: the end of QEMU is what counts.
      asked.catch(() => {});
      if (await ends(timeouts.poweroffMs)) return 'poweroff';
    }
    if (first !== 'kill') {
      qmp.execute('quit', {}, { timeoutMs: timeouts.quitMs }).catch(() => {});
      if (await ends(timeouts.quitMs)) return 'quit';
    }
    return killQemu(process, timeouts);
  }
}
