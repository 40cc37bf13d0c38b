// SPDX-License-Identifier: GPL-2.0-only
import { GuestErrno, type GuestHello, type GuestOp, type GuestOps, type GuestPort } from '@libmultipath/contract';

export interface ToyGuestOptions {
  readonly release?: string;
  /** Order in which buttons that are pressed at once take effect; as given unless said. */
  readonly race?: (buttons: readonly string[]) => readonly string[];
  /** Does the timer expire before what comes back? Asked with the seconds it was armed for. */
  readonly expiresFirst?: (seconds: number) => boolean;
  /** Content of /proc/kallsyms. */
  readonly kallsyms?: string;
  /** A step that fails with ETIMEDOUT. */
  readonly broken?: string;
  /** Sees each operation; may throw what a dead channel throws. */
  readonly onCall?: (op: GuestOp, path: string) => void;
  /** The reset fails from the n-th on (counted from 1). */
  readonly resetFailsFrom?: number;
}

/** A guest without a machine: answers `file.read` and `file.write` as the toy's kernel would. */
export class ToyGuest implements GuestPort {
  readonly hello: GuestHello;
  private total = 0;
  private last = '';
  private seconds = 0;
  private armed = false;
  private log: string[] = [];
  private readonly pressed = new Map<string, number>();
  private resets = 0;

  constructor(private readonly options: ToyGuestOptions = {}) {
    const release = options.release ?? '2.0.1-toy';
    this.hello = { agent: 1, release, version: '#1', machine: 'toy', cmdline: '', cpus: 1, uptimeSeconds: 1 };
  }

  async call<K extends GuestOp>(op: K, args: GuestOps[K]['args']): Promise<GuestOps[K]['result']> {
    const { path, data } = { path: '', data: '', ...args };
    await Promise.resolve();
    this.options.onCall?.(op, path);
    if (path === `/do/${this.options.broken ?? ''}`) throw new GuestErrno(op, 'ETIMEDOUT', `${path}: not in time`);
    const answer: unknown = op === 'file.write' ? this.write(path, data) : { data: this.read(path) };
    // The fake answers only the two operations that the toy's words use, in their shapes.
    return answer as GuestOps[K]['result'];
  }

  private write(path: string, data: string): { written: number } {
    if (path === '/do/reset') this.reset();
    else if (path === '/do/press') this.press(data.split(' '));
    else if (path === '/do/arm') [this.seconds, this.armed] = [Number(data), true];
    else if (path === '/do/return') this.comeBack();
    else if (path === '/do/await-expiry') this.expire();
    return { written: data.length };
  }

  private read(path: string): string {
    const fields: Readonly<Record<string, string>> = {
      '/total': String(this.total),
      '/last': this.last,
      '/seconds': String(this.seconds),
      '/log': this.log.join(' '),
      '/proc/kallsyms': this.options.kallsyms ?? '',
    };
    return fields[path] ?? String(this.pressed.get(path.replace('/presses/', '')) ?? 0);
  }

  private reset(): void {
    if (++this.resets >= (this.options.resetFailsFrom ?? Infinity)) throw new GuestErrno('file.write', 'EBUSY', 'busy');
    [this.total, this.last, this.seconds, this.armed, this.log] = [0, '', 0, false, []];
    this.pressed.clear();
  }

  private press(buttons: readonly string[]): void {
    const remembers = !this.hello.release.startsWith('1.');
    for (const button of this.options.race?.(buttons) ?? buttons) {
      this.total++;
      if (remembers) this.last = button;
      this.pressed.set(button, (this.pressed.get(button) ?? 0) + 1);
    }
  }

  private comeBack(): void {
    if (this.options.expiresFirst?.(this.seconds) === true) this.expire();
    this.log.push('returned');
  }

  private expire(): void {
    if (this.armed) this.log.push('expired');
    this.armed = false;
  }
}
