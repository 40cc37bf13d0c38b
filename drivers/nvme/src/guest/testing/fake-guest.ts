// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestCondition, type GuestOp, type GuestOps, type GuestPort } from '@libmultipath/driver-kit';

const HELLO = {
  agent: 1,
  release: '7.3.0-test',
  version: '#1',
  machine: 'x86_64',
  cmdline: '',
  cpus: 2,
  uptimeSeconds: 1,
};

type Handlers = { [K in GuestOp]?: (args: GuestOps[K]['args']) => GuestOps[K]['result'] };

/** A call as it arrived. */
export interface Seen {
  readonly op: GuestOp;
  readonly args: unknown;
}

/**
 * A guest that is a tree of files and a list of handlers. A directory is there because
 * something is in it; `handlers` take precedence; a write is remembered in the tree.
 */
export class FakeGuest implements GuestPort {
  readonly hello = HELLO;
  readonly seen: Seen[] = [];
  /** Runs after each write, to move the tree on as a kernel would. */
  onWrite: (path: string, data: string) => void = () => {};
  /** Runs before each read of a file, for content that changes by itself. */
  beforeRead: (path: string) => void = () => {};

  constructor(
    readonly files: Map<string, string>,
    readonly links: Map<string, string> = new Map(),
    private readonly handlers: Handlers = {},
  ) {}

  async call<K extends GuestOp>(op: K, args: GuestOps[K]['args']): Promise<GuestOps[K]['result']> {
    this.seen.push({ op, args });
    const own = this.handlers[op];
    // `args` are those of `op`; the compiler does not relate the two.
    const answer = own === undefined ? this.answer({ op, args } as Request) : own(args);
    // Both lookups are keyed by `op`, so the answer is of its type.
    return answer as GuestOps[K]['result'];
  }

  /** Paths written, with what was written, in order. */
  written(): readonly string[] {
    return this.seen.flatMap(({ op, args }) =>
      op === 'file.write' && isWrite(args) ? [`${args.path} ${args.data}`] : [],
    );
  }

  private answer(request: Request): unknown {
    switch (request.op) {
      case 'file.read':
        return { data: this.read(request.args.path) };
      case 'file.write':
        this.onWrite(request.args.path, request.args.data);
        return { written: request.args.data.length };
      case 'file.stat':
        return { kind: this.kindOf(request.args.path), mode: 0o444, major: 0, minor: 0 };
      case 'dir.list':
        return { names: this.names(request.args.path) };
      case 'link.read':
        return { target: this.links.get(request.args.path) ?? this.refuse('link.read', 'ENOENT', request.args.path) };
      case 'wait.until':
        for (const condition of request.args.all) {
          if (!this.holds(condition)) this.refuse('wait.until', 'ETIMEDOUT', condition.path);
        }
        return { waitedMs: 0 };
      case 'dir.make':
      case 'mount':
      case 'close':
        return {};
      default:
        return this.refuse(request.op, 'ENOSYS', 'no handler');
    }
  }

  private read(path: string): string {
    this.beforeRead(path);
    const data = this.files.get(path);
    return data ?? this.refuse('file.read', 'ENOENT', path);
  }

  private names(path: string): string[] {
    const inside = [...this.files.keys()].filter((file) => file.startsWith(`${path}/`));
    if (inside.length === 0) return this.refuse('dir.list', 'ENOENT', path);
    return [...new Set(inside.map((file) => file.slice(path.length + 1).split('/')[0] ?? ''))].sort();
  }

  private kindOf(path: string): GuestOps['file.stat']['result']['kind'] {
    if (this.files.has(path)) return 'file';
    return [...this.files.keys()].some((file) => file.startsWith(`${path}/`)) ? 'dir' : 'absent';
  }

  private matching(pattern: string): string[] {
    const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*');
    const expression = new RegExp(`^(${source})(/|$)`);
    return [...new Set([...this.files.keys()].flatMap((file) => expression.exec(file)?.[1] ?? []))];
  }

  private holds(condition: GuestCondition): boolean {
    const paths = this.matching(condition.path);
    if (condition.is === 'count') return paths.length === condition.count;
    if (condition.is === 'content') {
      return paths.length > 0 && paths.every((path) => this.files.get(path)?.trimEnd() === condition.equals);
    }
    return condition.is === 'present' ? paths.length > 0 : paths.length === 0;
  }

  private refuse(op: GuestOp, errno: string, what: string): never {
    throw new GuestErrno(op, errno, `${what}: ${errno}`);
  }
}

type Request = { [K in GuestOp]: { readonly op: K; readonly args: GuestOps[K]['args'] } }[GuestOp];

const isWrite = (args: unknown): args is GuestOps['file.write']['args'] =>
  typeof args === 'object' && args !== null && 'path' in args && 'data' in args;
