// SPDX-License-Identifier: GPL-2.0-only

const BEATS = 0;
const STOP = 1;
const LOADED = 2;
const WORDS = 3;
const STOP_EXPLORING = 1;
const STOP_ALL = 2;

/** What a thread and the one that started it both see without a message. */
export class SharedPulse {
  readonly buffer: SharedArrayBuffer;
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
  }

  /** Progress was made. Only one thread writes it, so that it need not be atomic; it wraps round. */
  beat(): void {
    this.words[BEATS] = ((this.words[BEATS] ?? 0) + 1) | 0;
  }

  get beats(): number {
    return Atomics.load(this.words, BEATS);
  }

  /** False while the thread starts or imports a module: it takes no steps then, however well it is. */
  get loaded(): boolean {
    return Atomics.load(this.words, LOADED) === 1;
  }

  set loaded(done: boolean) {
    Atomics.store(this.words, LOADED, done ? 1 : 0);
  }

  /** Explore no more; with `all`: make no schedules smaller either. */
  askToStop(all: boolean): void {
    if (all || !this.stopAsked) Atomics.store(this.words, STOP, all ? STOP_ALL : STOP_EXPLORING);
  }

  get stopAsked(): boolean {
    return Atomics.load(this.words, STOP) >= STOP_EXPLORING;
  }

  get stopAllAsked(): boolean {
    return Atomics.load(this.words, STOP) === STOP_ALL;
  }
}
