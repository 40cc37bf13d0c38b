// SPDX-License-Identifier: GPL-2.0-only

interface Feature {
  /** Release of the kernel that has it first, as far as the profiles need to know. */
  readonly since: string;
  readonly text: string;
}

/**
 * What differs between kernels, by name. A release between two of these is predicted by
 * the same table: a feature is there from its `since` on.
 */
export const featureTable = {
  'native-multipath': { since: '4.15', text: 'head device over hidden paths, policies numa and round-robin, ANA' },
  'head-cdev': { since: '5.13', text: 'generic character device ngXnY of the head' },
  'head-io-stats': { since: '6.4', text: 'the head counts its own I/O' },
  'queue-depth': { since: '6.11', text: 'policy queue-depth' },
  'policy-change-clears-paths': {
    since: '6.11',
    text: 'a change of iopolicy forgets every chosen path, kicks queued I/O and says so in the log',
  },
  'ctrl-srcu': { since: '6.11', text: 'namespaces of a controller under SRCU instead of a rw_semaphore' },
  'remapped-bios': { since: '6.12', text: 'a bio sent to a path is not checked again against the path’s size' },
  'disk-live-gates-io': { since: '6.12', text: 'a head whose disk is gone has no available path' },
  'namespace-attributes': { since: '6.9', text: 'csi, metadata_bytes, nuse, passthru_err_log_enabled' },
  'path-attributes': { since: '6.15', text: 'multipath/ links on the head, numa_nodes and queue_depth on a path' },
  'delayed-removal': { since: '6.16', text: 'delayed_removal_secs: a head outlives its last path for a while' },
  'multipath-always-on': { since: '6.16', text: 'a head for every namespace, also of single-port devices' },
  'diag-counters': { since: '7.2', text: 'counters under diag/' },
} as const satisfies Readonly<Record<string, Feature>>;

export type NvmeFeature = keyof typeof featureTable;

/** Feature → one line, for `needs:` and for `mpath drivers`. */
export const features: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(featureTable).map(([name, { since, text }]) => [name, `since ${since}: ${text}`]),
);

const partsOf = (release: string): readonly [number, number] => {
  const [major, minor] = release.split('.', 2);
  return [Number.parseInt(major ?? '0', 10), Number.parseInt(minor ?? '0', 10)];
};

/** Is release `a` the same as `b` or later? Looks at the first two numbers. */
export const isAtLeast = (a: string, b: string): boolean => {
  const [majorA, minorA] = partsOf(a);
  const [majorB, minorB] = partsOf(b);
  return majorA !== majorB ? majorA > majorB : minorA >= minorB;
};

/** The features of a kernel release, by the table. */
export const featuresOf = (release: string): ReadonlySet<string> =>
  new Set(
    Object.entries(featureTable)
      .filter(([, { since }]) => isAtLeast(release, since))
      .map(([name]) => name),
  );
