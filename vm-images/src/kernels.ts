// SPDX-License-Identifier: GPL-2.0-only

/** A kernel of the distribution. One more series is one more line in {@link series}. */
export interface KernelEntry {
  /** What `--kernel` takes. */
  readonly name: string;
  /** Debian suite that carries it. */
  readonly suite: string;
  readonly flavour: string;
  /** Matches the names of its image packages; what follows `linux-image-` is the release. */
  readonly packagePattern: RegExp;
}

/** Series and suite, oldest first. Which release of it there is today, the archive's index says. */
const series: readonly (readonly [version: string, suite: string])[] = [
  ['6.1', 'bookworm'],
  ['6.12', 'trixie'],
  ['6.16', 'trixie-backports'],
  ['6.17', 'trixie-backports'],
  ['6.18', 'trixie-backports'],
  ['6.19', 'trixie-backports'],
  ['7.0', 'trixie-backports'],
  ['7.1', 'trixie-backports'],
  ['7.2', 'trixie-backports'],
  ['7.3', 'trixie-backports'],
];

/**
 * The flavours and what a name says of them. `cloud-amd64` is smaller and boots faster, and lacks
 * scsi_dh_alua: what needs ALUA needs `generic`.
 */
const flavours = [
  { flavour: 'amd64', suffix: '-generic' },
  { flavour: 'cloud-amd64', suffix: '' },
] as const;

/** `6.1.0-50-cloud-amd64` to bookworm, `7.3.4+deb13-cloud-amd64` since. */
const patternOf = (version: string, flavour: string): RegExp =>
  new RegExp(`^linux-image-${version.replace('.', '\\.')}(?:\\.0-\\d+|(?:\\.\\d+)*(?:[+~][\\w.+~]+)?)-${flavour}$`);

/** Oldest first, and of a series the flavour that is taken unasked last: `latest` tries from the end. */
export const kernelEntries: readonly KernelEntry[] = series.flatMap(([version, suite]) =>
  flavours.map(({ flavour, suffix }) => ({
    name: `${version}${suffix}`,
    suite,
    flavour,
    packagePattern: patternOf(version, flavour),
  })),
);
