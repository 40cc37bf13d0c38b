// SPDX-License-Identifier: GPL-2.0-only

const MINUTE_SECS = 60;
/** Before so many are done, the rest cannot be guessed. */
const LEAST = 2;

const spanText = (seconds: number): string =>
  seconds < MINUTE_SECS ? `${String(Math.ceil(seconds))} s` : `${String(Math.ceil(seconds / MINUTE_SECS))} min`;

/** How many of how many are done, how fast, and how long the rest will take. */
export class Pace {
  private done = 0;
  private readonly began: number;

  constructor(
    private readonly total: number,
    /** Seconds from any origin. */
    private readonly now: () => number,
  ) {
    this.began = now();
  }

  tick(): void {
    this.done++;
  }

  /** `5 of 14, 12.0 a minute, about 45 s left`; less while less is known. */
  get text(): string {
    const { done, total } = this;
    const seconds = this.now() - this.began;
    const count = `${String(done)} of ${String(total)}`;
    if (done < LEAST || done >= total || seconds <= 0) return count;
    const rate = ((done * MINUTE_SECS) / seconds).toFixed(1);
    return `${count}, ${rate} a minute, about ${spanText(((total - done) * seconds) / done)} left`;
  }
}
