// SPDX-License-Identifier: GPL-2.0-only
import { Fingerprint } from './fingerprint.js';

const fp = new Fingerprint();

/** What one activation of a kernel function knows, above those of its callers. Never changed, so that a search can go back. */
export class FrameChain {
  /** Over this and all below. */
  readonly sumA: number;
  readonly sumB: number;

  constructor(
    readonly a: number,
    readonly b: number,
    readonly below: FrameChain | undefined,
  ) {
    const sum = fp.start(below?.sumA ?? 0, below?.sumB ?? 0);
    sum.add(a).add(b).finish();
    this.sumA = sum.a;
    this.sumB = sum.b;
  }

  /** As many activations that know nothing but what the innermost declares. */
  resting(a: number, b: number): FrameChain {
    return new FrameChain(a, b, this.below?.resting(0, 0));
  }
}
