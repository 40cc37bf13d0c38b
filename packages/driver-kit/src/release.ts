// SPDX-License-Identifier: GPL-2.0-only

const partsOf = (release: string): readonly [number, number] => {
  const [major, minor] = release.split('.', 2);
  return [Number.parseInt(major ?? '0', 10), Number.parseInt(minor ?? '0', 10)];
};

/** Is kernel release `a` the same as `b` or later? Looks at the first two numbers. */
export const isAtLeast = (a: string, b: string): boolean => {
  const [majorA, minorA] = partsOf(a);
  const [majorB, minorB] = partsOf(b);
  return majorA !== majorB ? majorA > majorB : minorA >= minorB;
};
