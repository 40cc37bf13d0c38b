// SPDX-License-Identifier: GPL-2.0-only
import type { GuestOp } from '@libmultipath/contract';

/** Says what is wrong with a value, or nothing. */
type Shape = (value: unknown, at: string) => string | undefined;

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const plain =
  (kind: 'number' | 'string' | 'boolean'): Shape =>
  (value, at) =>
    typeof value === kind ? undefined : `${at} is ${kindOf(value)}, expected ${kind}`;

const number = plain('number');
const string = plain('string');
const boolean = plain('boolean');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => kindOf(value) === 'object';

/** At least these fields; more are allowed, so that an agent can learn without breaking an older host. */
const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    if (!isRecord(value)) return `${at} is ${kindOf(value)}, expected object`;
    for (const [name, shape] of Object.entries(fields)) {
      const wrong = shape(value[name], `${at}.${name}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

const list =
  (of: Shape): Shape =>
  (value, at) => {
    if (!Array.isArray(value)) return `${at} is ${kindOf(value)}, expected array`;
    for (const [index, entry] of value.entries()) {
      const wrong = of(entry, `${at}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

const dictionary =
  (of: Shape): Shape =>
  (value, at) =>
    isRecord(value) ? list(of)(Object.values(value), at) : `${at} is ${kindOf(value)}, expected object`;

const nothing = record({});
const progress = { submitted: number, completed: number, failed: number };

/** The shape of each result of `GuestOps`, checked because the guest is not ours to trust. */
const shapes = {
  hello: record({
    agent: number,
    release: string,
    version: string,
    machine: string,
    cmdline: string,
    cpus: number,
    uptimeSeconds: number,
  }),
  'file.read': record({ data: string }),
  'file.write': record({ written: number }),
  'file.stat': record({ kind: string, mode: number, major: number, minor: number }),
  'dir.list': record({ names: list(string) }),
  'dir.make': nothing,
  'dir.remove': nothing,
  'link.make': nothing,
  'link.remove': nothing,
  'net.up': nothing,
  'link.read': record({ target: string }),
  mount: nothing,
  'module.load': record({ loaded: boolean }),
  'module.unload': nothing,
  open: record({ fd: number }),
  close: nothing,
  ioctl: record({ value: number, hex: string }),
  'ring.command': record({ value: number }),
  'io.start': record({ job: number, tid: number }),
  'io.wait': record({ bytes: number, errno: string, verified: boolean }),
  'io.poll': record({ done: boolean, state: string, wchan: string }),
  'load.start': record({ load: number }),
  'load.poll': record(progress),
  'load.wait': record(progress),
  'load.stop': record({ ...progress, errors: dictionary(number), verified: number, corrupt: number }),
  'wait.until': record({ waitedMs: number }),
  'uevent.take': record({ events: list(dictionary(string)), lost: number }),
  poweroff: nothing,
} satisfies Record<GuestOp, Shape>;

/** What is wrong with the result of `op`, or undefined. */
export const wrongResult = (op: GuestOp, result: unknown): string | undefined => {
  // Widened, so that an operation newer than this table (a caller past the types) is not a crash.
  const table: Readonly<Record<string, Shape | undefined>> = shapes;
  return (table[op] ?? nothing)(result, 'ok');
};
