// SPDX-License-Identifier: GPL-2.0-only
import type { Socket } from 'node:net';
import { within } from './deadline.js';
import { fail } from './errors.js';
import type { InboundSocket } from './inbound-socket.js';
import { enterVm, type LiveVm } from './live-vms.js';
import { lowerSpec } from './lower-spec.js';
import { DEFAULT_QEMU } from './qemu-binary.js';
import { describeExit, killQemu, startQemu, type QemuExit, type QemuProcess } from './qemu-process.js';
import { RunDir } from './run-dir.js';
import type { BootOptions, VmTimeouts } from './vm.js';

export interface Connections {
  readonly qmp: Socket;
  readonly agent: Socket;
  readonly console: Socket;
}

type Sockets = { readonly [K in keyof Connections]: InboundSocket };

/** The error of a QEMU that ended before the guest was ready. */
export const endedEarly = (exit: QemuExit, stderr: string, lastShutdown = ''): Error =>
  exit.spawnError === 'ENOENT'
    ? fail('LMP-706', {
        message: 'setpriv is not installed: expected it in PATH',
        where: 'setpriv',
        todo: 'apt-get install util-linux',
      })
    : lastShutdown.startsWith('guest-')
      ? fail('LMP-702', {
          message: `the guest ended (${lastShutdown}) before it printed anything`,
          where: 'boot',
          todo: 'check that the kernel is a whole bzImage for x86-64, and not one for another machine',
        })
      : fail('LMP-702', {
          message: `QEMU ended before the guest was ready (${describeExit(exit)}): ${stderr === '' ? 'it printed nothing' : stderr}`,
          where: 'qemu',
          todo: 'read what QEMU printed; `mpath vm doctor` checks QEMU and the accelerator',
        });

/**
 * The host's side of one machine: run directory, sockets, process. In the registry from
 * the moment there is something to clean up.
 */
export class Launch implements LiveVm {
  process: QemuProcess | undefined;
  /** Who ends it once the machine is assembled. */
  takeover: (() => Promise<void>) | undefined;
  /** Someone has asked for its end: what fails from here on is a consequence. */
  endRequested = false;
  private sockets: Partial<Sockets> = {};
  private disposal: Promise<string | undefined> | undefined;
  private readonly leave: () => void;

  private constructor(
    readonly runDir: RunDir,
    private readonly keepDir: boolean,
    private readonly timeouts: VmTimeouts,
  ) {
    this.leave = enterVm(this);
  }

  /** @throws LMP-707, LMP-708, LMP-709, LMP-730 */
  static async start(options: BootOptions, timeouts: VmTimeouts): Promise<Launch> {
    const launch = new Launch(await RunDir.make(), options.keep ?? false, timeouts);
    try {
      await launch.spawn(options);
    } catch (error) {
      await launch.dispose();
      throw error;
    }
    return launch;
  }

  /**
   * Waits until QEMU has connected everything.
   * @throws LMP-702, LMP-706 it ended, LMP-714 it did not connect
   */
  async connected(): Promise<Connections> {
    const { process } = this;
    const { qmp, agent, console } = this.sockets;
    if (process === undefined || qmp === undefined || agent === undefined || console === undefined) {
      throw fail('LMP-740', { message: 'the machine was ended while it was being started' });
    }
    const all = Promise.all([qmp.connected, agent.connected, console.connected]);
    const gone = process.exited.then((exit) => {
      throw endedEarly(exit, process.stderr());
    });
    const came = await within(Promise.race([all, gone]), this.timeouts.qmpMs);
    if (!came.done) {
      throw fail('LMP-714', {
        message: `QEMU (pid ${process.pid ?? '?'}) did not connect within ${this.timeouts.qmpMs} ms: ${process.stderr()}`,
        where: 'qemu',
      });
    }
    const [qmpSocket, agentSocket, consoleSocket] = came.value;
    return { qmp: qmpSocket, agent: agentSocket, console: consoleSocket };
  }

  async end(): Promise<void> {
    this.endRequested = true;
    if (this.takeover !== undefined) await this.takeover();
    else {
      if (this.process !== undefined) await killQemu(this.process, this.timeouts);
      await this.dispose();
    }
  }

  endSync(): void {
    this.process?.signal('SIGKILL');
    if (!this.keepDir) this.runDir.removeSync();
  }

  /** Removes sockets and run directory, once; the path of a directory that is kept. */
  dispose(): Promise<string | undefined> {
    this.disposal ??= this.clear();
    return this.disposal;
  }

  private async clear(): Promise<string | undefined> {
    for (const socket of Object.values(this.sockets)) socket.close();
    try {
      if (this.keepDir) return await this.runDir.keep();
      await this.runDir.remove();
      return undefined;
    } finally {
      this.leave();
    }
  }

  private async spawn(options: BootOptions): Promise<void> {
    const { runDir } = this;
    const blockFiles = await runDir.makeBlocks(options.spec.blocks);
    const sockets: Sockets = {
      qmp: await runDir.listen('qmp.sock'),
      agent: await runDir.listen('agent.sock'),
      console: await runDir.listen('console.sock'),
    };
    this.sockets = sockets;
    if (this.disposal !== undefined) {
      // Ended by a signal while the files were made: nothing may start any more.
      for (const socket of Object.values(sockets)) socket.close();
      throw fail('LMP-740', { message: 'the machine was ended while it was being started' });
    }
    const args = lowerSpec(options.spec, options.accelerator, {
      kernelPath: options.kernel.vmlinuzPath,
      imagePath: options.image.path,
      qmpSocket: sockets.qmp.path,
      agentSocket: sockets.agent.path,
      consoleSocket: sockets.console.path,
      blockFiles,
      ...(this.keepDir ? { consoleLog: runDir.file('console.log') } : {}),
    });
    this.process = startQemu(options.qemuPath ?? DEFAULT_QEMU, args);
  }
}
