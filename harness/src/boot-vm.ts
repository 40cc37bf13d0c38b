// SPDX-License-Identifier: GPL-2.0-only
import type { GuestHello } from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import { within } from './deadline.js';
import { KernelFaultError, fail } from './errors.js';
import { GuestChannel } from './guest-channel.js';
import { GuestConsole } from './guest-console.js';
import { Launch, endedEarly } from './launch.js';
import { Machine, excerpt } from './machine.js';
import { checkKernelFile, qemuVersion } from './qemu-binary.js';
import { QmpClient } from './qmp-client.js';
import { sweepStaleRunDirs } from './run-dir.js';
import { DEFAULT_TIMEOUTS, type BootOptions, type Vm, type VmTimeouts } from './vm.js';

let swept: Promise<unknown> | undefined;

/** Connects the parts; what fails in here is cleaned up by the caller. */
const assemble = async (launch: Launch, options: BootOptions, timeouts: VmTimeouts): Promise<Machine> => {
  const sockets = await launch.connected();
  const console = new GuestConsole(sockets.console);
  const { onConsole } = options;
  if (onConsole !== undefined) console.onLine(onConsole);
  for (const expectation of options.expectFaults ?? []) console.expectFault(expectation);
  const channel = new GuestChannel(sockets.agent, { deadlineMs: timeouts.callMs, slackMs: timeouts.slackMs });
  const { process } = launch;
  if (process === undefined) throw fail('LMP-740', { message: 'the machine was ended while it was being started' });
  const { qmp } = await QmpClient.open(sockets.qmp, { timeoutMs: timeouts.qmpMs }).catch(async (error: unknown) => {
    // QEMU connects before it looks at its devices: an option it refuses shows up here as a closed socket.
    const exit = await within(process.exited, timeouts.qmpMs);
    if (!exit.done) throw error;
    await within(console.drained, timeouts.qmpMs);
    const fault = console.faults.find(({ expected }) => !expected);
    throw fault === undefined ? endedEarly(exit.value, process.stderr()) : new KernelFaultError(fault);
  });
  return new Machine({ launch, process, qmp, channel, console, spec: options.spec, timeouts });
};

const bootDeadline = (timeoutMs: number, what: string, console: GuestConsole): Error =>
  fail('LMP-704', {
    message: `${what} within ${timeoutMs} ms of the start of QEMU; ${excerpt(console)}`,
    where: 'boot',
    todo:
      console.tail(1).length === 0
        ? 'check that the kernel is one for x86-64 with a serial console, and try the accelerator tcg'
        : 'look where the console stops; give a longer boot deadline if the machine is only slow',
  });

/** The agent's first answer, or the reason why there is none. */
const awaitHello = async (machine: Machine, timeouts: VmTimeouts, startedMs: number): Promise<GuestHello> => {
  const { channel, console } = machine.parts;
  const leftMs = (limitMs: number): number => Math.max(1, startedMs + limitMs - performance.now());
  const { bootMs, firstOutputMs } = timeouts;
  if (firstOutputMs !== undefined) {
    const spoke = await within(Promise.race([console.firstOutput, machine.failure]), leftMs(firstOutputMs));
    if (!spoke.done) throw bootDeadline(firstOutputMs, 'nothing came from the console', console);
  }
  try {
    // Asked before anyone listens: QEMU holds the line until the agent has opened its port.
    return await channel.call('hello', {}, { deadlineMs: leftMs(bootMs), slackMs: 0 });
  } catch (error) {
    if (isLmpError(error) && error.code === 'LMP-712') {
      throw bootDeadline(bootMs, 'the agent in the guest did not answer', console);
    }
    throw error;
  }
};

/**
 * Boots one machine and waits for its agent. Whatever goes wrong, QEMU has ended and the
 * run directory is gone when this rejects.
 * @throws LMP-701 to LMP-720, LMP-730, LMP-740
 */
export const bootVm = async (options: BootOptions): Promise<Vm> => {
  const timeouts: VmTimeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const ended = (): Error => fail('LMP-740', { message: 'the virtual machine was ended while it booted' });
  if (options.signal?.aborted === true) throw ended();
  swept ??= sweepStaleRunDirs();
  const [qemu] = await Promise.all([qemuVersion(options.qemuPath), checkKernelFile(options.kernel.vmlinuzPath), swept]);
  const startedMs = performance.now();
  const launch = await Launch.start(options, timeouts);
  const abort = (): void => void launch.end();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const machine = await assemble(launch, options, timeouts);
    const hello = await awaitHello(machine, timeouts, startedMs);
    const bootSeconds = (performance.now() - startedMs) / 1000;
    return machine.becomeReady(hello, { release: hello.release, accelerator: options.accelerator, qemu, bootSeconds });
  } catch (error) {
    const { endRequested } = launch;
    await launch.end();
    throw endRequested ? ended() : error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
};
