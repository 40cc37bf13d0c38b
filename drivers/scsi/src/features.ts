// SPDX-License-Identifier: GPL-2.0-only
import { isAtLeast } from '@libmultipath/driver-kit';

interface Feature {
  /** Oldest release of those looked at that has it; `looked` says which those are. `posted`: in no release. */
  readonly since: string;
  /** Oldest release of those looked at that has it no more. */
  readonly until?: string;
  readonly looked: readonly string[];
  readonly text: string;
}

/**
 * What differs between kernels, by name. Where a change was made between two of the releases that were looked at
 * is not known: a release between them is predicted to have what the older one has.
 */
export const featureTable = {
  'rtpg-at-attach': {
    since: '6.1',
    until: '6.12',
    looked: ['6.1.0-50', '6.12.107', '6.18.15', '7.3.4'],
    text: 'the ALUA handler asks for the groups when it attaches to a device; later kernels no longer do',
  },
  'rtpg-needs-handler-data': {
    since: '6.12',
    looked: ['6.1.0-50', '6.12.107', '6.18.15', '7.3.4'],
    text: 'alua_rtpg_queue() starts nothing for a device whose handler data is not set: no RTPG while attaching',
  },
  'transition-sense-retried': {
    since: '7.3',
    looked: ['6.12.117', '7.3.4'],
    text: 'sense 2/04/0a spends the local retries before it is prepared again once a second',
  },
  'failover-timeout-255': {
    since: '7.2',
    looked: ['6.1', '6.12', '7.2', '7.3'],
    text: 'ALUA_FAILOVER_TIMEOUT is 255 s instead of 60 s',
  },
  'answers-injected': {
    since: '6.12',
    looked: ['6.1.0-50', '6.12.107', '7.3.4'],
    text: 'scsi_debug gives the answers that its `error` file in debugfs was told; 6.1 has no such file',
  },
  'device-handlers': {
    since: 'any release but of the cloud flavour',
    looked: ['6.1.0-50', '6.12.107', '7.3.4'],
    text: 'CONFIG_SCSI_DH and scsi_dh_alua: somebody in the kernel knows of target port groups',
  },
  'dm-multipath': {
    since: 'any release',
    looked: ['6.1.0-50', '6.12.107', '7.3.4'],
    text: 'dm-multipath over the paths, and nothing of the kernel’s own: what remembers a path that failed',
  },
  'native-multipath': {
    since: 'posted v1',
    looked: ['6.1.0-50', '6.12.107', '6.18.15', '7.3.4'],
    text: 'paths of one unit below a disk of their own: the posted series, in no release',
  },
  'untold-changes': {
    since: 'simulated arrays only',
    looked: ['6.1.0-50', '6.12.107', '7.3.4'],
    text: 'a group changes and no unit attention says so: LIO tells every path, and QEMU and scsi_debug have no such word',
  },
  'reservations-refused': {
    since: 'posted v2',
    looked: ['v1', 'v2', 'v3'],
    text: 'persistent reservations of a path are refused',
  },
  'delayed-removal': {
    since: 'posted v2',
    looked: ['v1', 'v2', 'v3'],
    text: 'delayed_removal_secs: a head outlives its last path for a while',
  },
  'waits-without-path': {
    since: 'posted v2, and dm-multipath',
    looked: ['v1', 'v2', 'v3', '7.3.4'],
    text: 'a head without a path waits for one to return, for a time that can be set',
  },
  'access-state-read': {
    since: 'posted v2',
    looked: ['v1', 'v2', 'v3'],
    text: 'a path whose access state a device handler knows is not used while that is neither optimal nor active',
  },
} as const satisfies Readonly<Record<string, Feature>>;

export type ScsiFeature = keyof typeof featureTable;

/** Feature → one line, for `needs:` and for `mpath drivers`. */
export const features: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(featureTable).map(([name, { since, text }]) => [name, `since ${since}: ${text}`]),
);

/** What the models of the posted series have, whatever environment they stand on. */
const v1: readonly ScsiFeature[] = ['native-multipath', 'untold-changes'];
const sinceV2: readonly ScsiFeature[] = [
  ...v1,
  'reservations-refused',
  'delayed-removal',
  'waits-without-path',
  'access-state-read',
];
const posted: Readonly<Record<string, readonly ScsiFeature[]>> = { v1 };

/** Features of a revision of the series. */
export const featuresOfRevision = (revision: string): readonly ScsiFeature[] => posted[revision] ?? sinceV2;

/** Of every release, and of no revision. */
const everywhere: readonly ScsiFeature[] = ['dm-multipath', 'device-handlers', 'waits-without-path'];

const ofRelease = (release: string): readonly ScsiFeature[] => {
  const there = ([, { since, until }]: readonly [string, Feature]): boolean =>
    /^\d/.test(since) && isAtLeast(release, since) && (until === undefined || !isAtLeast(release, until));
  // Keys of the table.
  return Object.entries<Feature>(featureTable)
    .filter(there)
    .map(([name]) => name as ScsiFeature);
};

/** Features of a release, by the table. */
export const featuresOfRelease = (release: string): readonly ScsiFeature[] => [...everywhere, ...ofRelease(release)];

/** Releases at which something came or went, oldest first. */
export const releasesOfChange = (): readonly string[] => {
  const all = Object.values<Feature>(featureTable).flatMap(({ since, until }) => [since, until ?? since]);
  const releases = [...new Set(all)].filter((release) => /^\d/.test(release));
  return releases.toSorted((a, b) => (isAtLeast(a, b) ? 1 : -1));
};
