// SPDX-License-Identifier: GPL-2.0-only

interface Feature {
  /** Oldest release of those looked at that has it; `looked` says which those are. */
  readonly since: string;
  readonly looked: readonly string[];
  readonly text: string;
}

/**
 * What differs between kernels, by name. Where a change was made between two of the releases that
 * were looked at is not known; releases between them are not predicted.
 */
export const featureTable = {
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
} as const satisfies Readonly<Record<string, Feature>>;

export type ScsiFeature = keyof typeof featureTable;
