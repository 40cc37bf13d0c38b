// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, BatteryHead, BatteryPort, ModelProfile } from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import {
  bdev_open,
  bdev_release,
  bio,
  list_entries,
  Machine,
  settle,
  submit_bio,
  virtualTime,
  withCurrent,
  type KObject,
  type MachineEvent,
  type Report,
  type Steps,
} from '@libmultipath/kernel';
import { bareShape } from './bare-shape.js';

/** Steps of one look at a driver: what goes on longer goes on for ever. */
const MOST_STEPS = 200_000;

/** What became of something that was asked of the model. */
export interface Asked<R> {
  /** Absent: it did not return. */
  readonly value?: R;
  /** What the kernel reported meanwhile. */
  readonly reports: readonly Report[];
  /** Why it did not return. */
  readonly failure?: string;
}

/** A call that the library made of the driver's template. */
export interface TemplateCall {
  readonly name: string;
  readonly value: unknown;
}

type Callback = (...args: unknown[]) => Steps<unknown>;

/**
 * A driver's model with nothing else going on: a machine on virtual time, of which one thing after
 * the other is asked. Sees each step that is taken, and each call of the template.
 */
export class ContractLab {
  readonly machine: Machine;
  readonly world: unknown;
  readonly calls: TemplateCall[] = [];
  /** Sees each step. */
  watch: ((event: MachineEvent) => void) | undefined;
  private asked = 0;
  private readonly wrapped = new WeakSet<object>();

  constructor(
    readonly driver: AnyDriver,
    readonly port: BatteryPort<unknown, unknown>,
    profile: ModelProfile<unknown, unknown>,
  ) {
    const topology = port.topology(bareShape);
    this.machine = new Machine({
      numa: profile.numa(topology),
      maxSteps: MOST_STEPS,
      onEvent: (event) => {
        this.wrapTemplates();
        this.watch?.(event);
      },
    });
    this.world = withCurrent(this.machine, undefined, () => profile.makeWorld(topology));
  }

  /** Every head that the driver has, oldest first. */
  heads(): readonly BatteryHead[] {
    return withCurrent(this.machine, undefined, () => this.port.heads(this.world));
  }

  /** Runs the body as a task of its own until it has returned, everything else when that waits. */
  ask<R>(name: string, body: () => Steps<R>): Asked<R> {
    const { machine } = this;
    const before = machine.reports.length;
    let value: { readonly value: R } | undefined;
    let failure: string | undefined;
    try {
      const task = machine.spawn(`${name} ${String(++this.asked)}`, function* () {
        value = { value: yield* body() };
      });
      const end = machine.run(virtualTime(), () => task.done);
      if (value === undefined) failure = task.killed ? 'it was killed' : `it never returned (${end})`;
    } catch (error) {
      // LMP-003, or what the driver threw outside of any kernel function.
      failure = isLmpError(error)
        ? error.message
        : error instanceof Error
          ? `${error.name}: ${error.message}`
          : String(error);
    }
    return { ...value, reports: machine.reports.slice(before), ...(failure === undefined ? {} : { failure }) };
  }

  /** Until nobody can go on, timers excepted. */
  rest(): Asked<void> {
    return this.ask('rest', () => settle([]));
  }

  /** Until nobody can go on at all: timers run out. */
  expire(): Asked<void> {
    const { machine } = this;
    const before = machine.reports.length;
    try {
      const end = machine.run(virtualTime());
      return {
        reports: machine.reports.slice(before),
        ...(end === 'stuck' ? { failure: 'a task waits for ever' } : {}),
      };
    } catch (error) {
      return {
        reports: machine.reports.slice(before),
        failure: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Adds the path, and lets what that defers come to an end. @returns what stands on the list since */
  add(path: number): { readonly dev: KObject | undefined; readonly asked: Asked<void> } {
    const before = new Set(this.paths());
    const asked = this.ask('add-path', () => this.port.addPath(this.world, path));
    const rest = this.rest();
    const dev = this.paths().find((one) => !before.has(one));
    return { dev, asked: { ...asked, reports: [...asked.reports, ...rest.reports] } };
  }

  paths(): readonly KObject[] {
    return this.heads().flatMap((head) => list_entries(head.paths));
  }

  /** A bio of the head's disk in a task that goes on; the status once it has ended. */
  submit(): { readonly status: () => string | undefined } {
    const { machine, port } = this;
    const disk = this.heads()[0]?.disk ?? null;
    let status: string | undefined;
    const init = {
      bi_size: 512,
      *bi_end_io(ended: bio): Steps<void> {
        status = ended.bi_status;
      },
    };
    machine.spawn(`submitter ${String(++this.asked)}`, function* () {
      if (disk === null) return;
      const error = yield* bdev_open(disk);
      if (error !== 0) {
        status = String(error);
        return;
      }
      const fields = { ...init, bi_bdev: disk.part0 };
      const what = port.newBio?.(fields, '') ?? new bio(fields);
      yield* submit_bio(what);
      yield* bdev_release(disk);
    });
    return { status: () => status };
  }

  /** The template's callback, or undefined. */
  callback(head: BatteryHead, name: string): Callback | undefined {
    const template: unknown = Reflect.get(head.object, 'mpdt');
    const found: unknown = typeof template === 'object' && template !== null ? Reflect.get(template, name) : undefined;
    // A template has nothing but callbacks and unread data.
    return typeof found === 'function' ? (found as Callback) : undefined;
  }

  /** Puts a template in place that notes what its callbacks return, in each head that has one. */
  private wrapTemplates(): void {
    for (const { object } of this.heads()) {
      const template: unknown = Reflect.get(object, 'mpdt');
      if (typeof template !== 'object' || template === null || this.wrapped.has(template)) continue;
      const noting = Object.fromEntries(
        Object.entries(template).map(([name, member]: [string, unknown]) => [
          name,
          // As above.
          typeof member === 'function' ? this.noting(name, member as Callback) : member,
        ]),
      );
      this.wrapped.add(noting);
      Reflect.set(object, 'mpdt', noting);
    }
  }

  private noting(name: string, original: Callback): Callback {
    const { calls } = this;
    return (...args) => {
      const steps: unknown = original(...args);
      // What is no generator is for the library to complain of.
      if (typeof steps !== 'object' || steps === null || !(Symbol.iterator in steps)) return steps as Steps<unknown>;
      return (function* (): Steps<unknown> {
        const value: unknown = yield* steps as Steps<unknown>;
        calls.push({ name, value });
        return value;
      })();
    };
  }
}
