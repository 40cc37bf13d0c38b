// SPDX-License-Identifier: GPL-2.0-only
import { isAtLeast } from '@libmultipath/driver-kit';

interface Feature {
  /** Release of the kernel that has it first, as far as the profiles need to know. */
  readonly since: string;
  readonly text: string;
}

/**
 * What differs between kernels, by name. The profiles are made from this table (mainline/profiles.ts),
 * and a release between two of these is predicted by the same table: a feature is there from its
 * `since` on. Upstream commits stand beside; where stable kernels got one earlier, `since` is the
 * oldest of the modelled kernels that has it.
 */
export const featureTable = {
  'native-multipath': { since: '4.15', text: 'head device over hidden paths, policies numa and round-robin, ANA' },
  'head-cdev': { since: '5.13', text: 'generic character device ngXnY of the head' },
  // 504db087aacc, in stable kernels from 4.19.72 on.
  'set-live-waits-for-readers': { since: '5.3', text: 'a path that goes live waits for submitters before the kick' },
  // eac3ef262941
  'probe-goes-live': { since: '6.2', text: 'the PCI probe brings the controller up itself, not the reset work' },
  'head-io-stats': { since: '6.4', text: 'the head counts its own I/O' },
  // Known of 6.12 and later, not of 6.1: the release in between was not looked for.
  'refused-for-good': {
    since: '6.12',
    text: 'a target that refuses a connection with "do not retry" is not asked again: the controller goes',
  },
  // 5c687c287c46, e6e7f7ac03e4
  'state-read-once': {
    since: '6.8',
    text: 'a controller’s state is read once where a path is judged; what follows a change is that of the change asked for',
  },
  // a2e4c5f5f68d
  'failover-ends-request': { since: '6.10', text: 'a request that fails over is ended in the accounts too' },
  // f227345f06b0
  'queue-depth': { since: '6.11', text: 'policy queue-depth' },
  'policy-change-clears-paths': {
    since: '6.11',
    text: 'a change of iopolicy forgets every chosen path, kicks queued I/O and says so in the log',
  },
  // be647e2c76b2
  'ctrl-srcu': { since: '6.11', text: 'namespaces of a controller under SRCU instead of a rw_semaphore' },
  // 4e893ca81170
  'async-scan': { since: '6.12', text: 'the namespaces of one controller are scanned side by side' },
  // 7.2 upstream; CVE-2026-74384: 6.12.97 and 7.1.5 have it, and 6.1.178, which is younger than the 6.1 modelled.
  'current-path-by-node-id': {
    since: '6.12',
    text: 'a chosen path is kept for every node id, also where ids are sparse',
  },
  'remapped-bios': { since: '6.12', text: 'a bio sent to a path is not checked again against the path’s size' },
  'disk-live-gates-io': { since: '6.12', text: 'a head whose disk is gone has no available path' },
  // Known of 6.12 and later, not of 6.1: the release in between was not looked for.
  'retries-before-authentication': {
    since: '6.12',
    text: 'a request out of retries ends, also where the controller asks for authentication',
  },
  'unprivileged-passthrough': {
    since: '6.12',
    text: 'the command and the open mode decide about passthrough; reservations can be read, the head has a unique id',
  },
  // Known of 6.12 and later, not of 6.1: the release in between was not looked for.
  'sequential-scan-on-dnr': {
    since: '6.12',
    text: 'every id is asked for where the controller says that it has no list, not after any error',
  },
  'removal-unquiesces': { since: '6.12', text: 'removing the namespaces lets go what the queues keep back' },
  // Upstream after 7.2-rc1: 6.12.117, 7.2.12 and 7.3.4 have it, 6.1.176 and the bases of the conversions do not.
  'failed-probe-waits-for-readers': {
    since: '6.12',
    text: 'a probe that fails waits for who stands on its path before that is freed',
  },
  'frozen-refuses-paths': { since: '6.12', text: 'no path joins a controller whose queues are frozen' },
  'namespace-attributes': { since: '6.9', text: 'csi, metadata_bytes, nuse, passthru_err_log_enabled' },
  'path-attributes': { since: '6.15', text: 'multipath/ links on the head, numa_nodes and queue_depth on a path' },
  // 62188639ec16
  'delayed-removal': { since: '6.16', text: 'delayed_removal_secs: a head outlives its last path for a while' },
  'multipath-always-on': { since: '6.16', text: 'a head for every namespace, also of single-port devices' },
  'async-attach': { since: '6.17', text: 'a PCI rescan probes in a worker, not in the writer' },
  'cdev-reference': { since: '7.2', text: 'the head’s character device holds the head until it is released' },
  'exact-module-iopolicy': {
    since: '7.2',
    text: 'the module’s parameter iopolicy takes a name, not what begins with one',
  },
  'passthrough-counts': {
    since: '7.2',
    text: 'passthrough on a path counts as the head’s; features that the driver sets itself are refused',
  },
  'reservation-reads': { since: '7.2', text: 'ioctls that read the keys and the holder of a reservation' },
  'diag-counters': { since: '7.2', text: 'counters under diag/' },
  'removal-waits-for-readers': {
    since: '7.3',
    text: 'removal of a head that outlived its paths waits for submitters before the kick; 6.16 to 7.2 kick first',
  },
  'nuse-reports-errors': {
    since: '7.3',
    text: 'nuse gives EIO where the device does not answer; before, its status is taken for a number of bytes',
  },
  // Read in 7.3; 6.1 has the other test.
  'ana-log-bounds': { since: '7.3', text: 'sizes in an ANA log are tested without wrapping' },
} as const satisfies Readonly<Record<string, Feature>>;

export type NvmeFeature = keyof typeof featureTable;

/** Feature → one line, for `needs:` and for `mpath drivers`. */
export const features: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(featureTable).map(([name, { since, text }]) => [name, `since ${since}: ${text}`]),
);

/** The features of a kernel release, by the table. */
export const featuresOf = (release: string): ReadonlySet<string> =>
  new Set(
    Object.entries(featureTable)
      .filter(([, { since }]) => isAtLeast(release, since))
      .map(([name]) => name),
  );

/** Releases at which some feature arrived, oldest first. */
export const releasesOfChange = (): readonly string[] =>
  [...new Set(Object.values(featureTable).map(({ since }) => since))].toSorted((a, b) => (isAtLeast(a, b) ? 1 : -1));
