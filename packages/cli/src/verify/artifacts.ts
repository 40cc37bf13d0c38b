// SPDX-License-Identifier: GPL-2.0-only
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestPort, ScenarioVerdict } from '@libmultipath/contract';
import { errors } from '../errors.js';

const MAX_ENTRIES = 20_000;
const MAX_CHARS = 65_536;

/** What a machine said and was asked, until somebody takes it. Bounded: the oldest go first. */
export class MachineLog {
  private console: string[] = [];
  private calls: string[] = [];

  readonly onConsole = (line: string): void => keep(this.console, line);

  /** The port, with each call and its answer noted. */
  listening(port: GuestPort): GuestPort {
    const note = (entry: Readonly<Record<string, unknown>>): void =>
      keep(
        this.calls,
        JSON.stringify(entry, (_key, value: unknown) => cut(value)),
      );
    const { machine } = port;
    const around: Pick<GuestPort, 'machine'> =
      machine === undefined
        ? {}
        : {
            machine: {
              unplug: (id, options) => {
                note({ machine: 'unplug', id });
                return machine.unplug(id, options);
              },
              plug: (device) => {
                note({ machine: 'plug', device });
                return machine.plug(device);
              },
            },
          };
    return {
      hello: port.hello,
      ...around,
      call: async (op, args, options) => {
        try {
          const ok = await port.call(op, args, options);
          note({ op, args, ok });
          return ok;
        } catch (error) {
          note({ op, args, error: error instanceof Error ? error.message : String(error) });
          throw error;
        }
      },
    };
  }

  /** What has come since it was last taken. */
  take(): { readonly console: readonly string[]; readonly calls: readonly string[] } {
    const { console, calls } = this;
    this.console = [];
    this.calls = [];
    return { console, calls };
  }
}

const keep = (list: string[], entry: string): void => {
  list.push(entry);
  if (list.length > MAX_ENTRIES) list.splice(0, list.length - MAX_ENTRIES);
};

const cut = (value: unknown): unknown =>
  typeof value === 'string' && value.length > MAX_CHARS
    ? `${value.slice(0, MAX_CHARS)}… (${String(value.length - MAX_CHARS)} characters more)`
    : value;

/**
 * Files for whoever looks at a run afterwards: `DIR/KERNEL/DRIVER/SCENARIO/` with `console.log` (the
 * machine's console while the scenario ran; the boot stands with the first), `trace.jsonl` (every call
 * of the guest's agent and its answer) and `report.json` (the row of the document).
 */
export class Artifacts {
  private readonly begun = new Map<string, Promise<void>>();

  constructor(private readonly dir: string) {}

  /** Adds what a machine said during a run of the scenario. @throws LMP-916 */
  async add(kernel: string, driver: string, scenario: string, log: MachineLog): Promise<void> {
    const { console, calls } = log.take();
    await this.writing(kernel, driver, scenario, async (folder) => {
      await appendFile(join(folder, 'console.log'), lines(console));
      await appendFile(join(folder, 'trace.jsonl'), lines(calls));
    });
  }

  /** @throws LMP-916 */
  async report(kernel: string, verdict: ScenarioVerdict): Promise<void> {
    await this.writing(kernel, verdict.driver, verdict.name, (folder) =>
      writeFile(join(folder, 'report.json'), `${JSON.stringify(verdict, null, 2)}\n`),
    );
  }

  private async writing(
    kernel: string,
    driver: string,
    scenario: string,
    write: (folder: string) => Promise<void>,
  ): Promise<void> {
    const folder = join(this.dir, plain(kernel), plain(driver), plain(scenario));
    try {
      const begun = this.begun.get(folder) ?? afresh(folder);
      this.begun.set(folder, begun);
      await begun;
      await write(folder);
    } catch (cause) {
      throw errors.fail('LMP-916', {
        message: cause instanceof Error ? cause.message : String(cause),
        where: this.dir,
        todo: 'name a folder that can be written to, on a disk with room',
        cause,
      });
    }
  }
}

/** What an earlier run left is not this one's. */
const afresh = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const name of ['console.log', 'trace.jsonl', 'report.json']) await rm(join(folder, name), { force: true });
};

const lines = (entries: readonly string[]): string => entries.map((entry) => `${entry}\n`).join('');

/** A name as one component of a path. */
const plain = (name: string): string => encodeURIComponent(name).replaceAll('.', (dot, at) => (at === 0 ? '%2E' : dot));
