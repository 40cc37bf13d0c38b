// SPDX-License-Identifier: GPL-2.0-only

/** A path that is in the table. */
export interface DmMember {
  readonly label: string;
  /** `major:minor`. */
  readonly device: string;
  readonly sectors: number;
}

/** State of it; `undefined` in a session where nobody groups paths. */
export interface DmSession {
  readonly members: DmMember[];
  /** `major:minor` → label, also of those that went. */
  readonly labels: Map<string, string>;
  /** Name of the multipath disk, `dm-0`, from the first path on. */
  head: string | undefined;
  delaySecs: number;
  policy: string;
  /** Whoever submits to it waits for a resume. */
  isSuspended: boolean;
  /** The last path went, and none has come since. */
  isOrphan: boolean;
}

export const newDmSession = (): DmSession => ({
  members: [],
  labels: new Map(),
  head: undefined,
  delaySecs: 0,
  policy: 'numa',
  isSuspended: false,
  isOrphan: false,
});
