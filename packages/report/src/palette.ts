// SPDX-License-Identifier: GPL-2.0-only
import { Ansis } from 'ansis';

export type Paint = (text: string) => string;

/** Colours by meaning; without colour each gives its text back. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly odd: Paint;
  readonly dim: Paint;
  readonly strong: Paint;
}

export const palette = (colour: boolean): Palette => {
  // Level 0 prints no escape at all; 1 is the 16 colours that every terminal has.
  const ansi = new Ansis(colour ? 1 : 0);
  return {
    good: (text) => ansi.green(text),
    bad: (text) => ansi.red(text),
    odd: (text) => ansi.yellow(text),
    dim: (text) => ansi.dim(text),
    strong: (text) => ansi.bold(text),
  };
};
