// SPDX-License-Identifier: GPL-2.0-only

/** A kernel of the distribution. One more kernel is one more line in {@link kernelEntries}. */
export interface KernelEntry {
  /** What `--kernel` takes. */
  readonly name: string;
  /** Debian suite that carries it. */
  readonly suite: string;
  readonly flavour: string;
  /** Matches the names of its image packages; what follows `linux-image-` is the release. */
  readonly packagePattern: RegExp;
}

/** Oldest first: `latest` tries from the end. */
export const kernelEntries: readonly KernelEntry[] = [
  {
    name: '6.1',
    suite: 'bookworm',
    flavour: 'cloud-amd64',
    packagePattern: /^linux-image-6\.1\.0-\d+-cloud-amd64$/,
  },
  {
    name: '6.12',
    suite: 'trixie',
    flavour: 'cloud-amd64',
    packagePattern: /^linux-image-6\.12(?:\.\d+)*(?:[+~][\w.+~]+)?-cloud-amd64$/,
  },
  {
    name: '7.2',
    suite: 'trixie-backports',
    flavour: 'cloud-amd64',
    packagePattern: /^linux-image-7\.2(?:\.\d+)*(?:[+~][\w.+~]+)?-cloud-amd64$/,
  },
  {
    name: '7.3',
    suite: 'trixie-backports',
    flavour: 'cloud-amd64',
    packagePattern: /^linux-image-7\.3(?:\.\d+)*(?:[+~][\w.+~]+)?-cloud-amd64$/,
  },
];
