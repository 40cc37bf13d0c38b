// SPDX-License-Identifier: GPL-2.0-only

/**
 * A virtual machine in generic terms. A driver lowers its own topology to this; the
 * harness knows ports, nodes and block backends, and passes `devices` on as they are.
 */
export interface VmSpec {
  /** One entry per NUMA node; one node means no NUMA tables. */
  readonly nodes: readonly VmNode[];
  /** Distances between different nodes, e.g. 20; same node is 10. Only with ≥ 2 nodes. */
  readonly distances?: readonly { readonly from: number; readonly to: number; readonly distance: number }[];
  /** Root ports, each a slot that can be emptied and filled. */
  readonly ports: readonly VmPort[];
  readonly blocks: readonly VmBlock[];
  /** `-device` in order: driver name and properties. `bus` names a port, `drive` a block. */
  readonly devices: readonly VmDevice[];
  /** Kernel modules, by name, that must be in the image (missing: `unsupported`). Built in counts. */
  readonly modules: readonly string[];
  /** Words of the kernel's command line; `module.parameter=value` also reaches what is loaded as a module. */
  readonly kernelArgs: readonly string[];
}

export interface VmNode {
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface VmPort {
  readonly id: string;
  /** Index into `nodes`; absent: on the root bus. */
  readonly node?: number;
}

export interface VmBlock {
  readonly id: string;
  readonly sizeBytes: number;
  /** Id of an earlier block whose data this one shows: a second way to the same file. */
  readonly of?: string;
  /** Sector of 512 bytes: whatever touches it through this block, and no other, fails with EIO. */
  readonly failingSector?: number;
  /** A slow one: requests that it carries out in a second; the others wait in front of it. */
  readonly requestsPerSecond?: number;
}

export interface VmDevice {
  readonly driver: string;
  readonly props: Readonly<Record<string, string | number | boolean>>;
}

/** Two specs with one key can share a boot. */
export const vmSpecKey = (spec: VmSpec): string => JSON.stringify(spec);
