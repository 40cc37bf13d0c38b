// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import type { NumaTopology, Reference } from '@libmultipath/driver-kit';
import { label } from './vocabulary/args.js';

/** One PCI controller of the emulated subsystem. */
export interface NvmeControllerTopology {
  readonly label: string;
  /** NUMA node of its root port; absent: on the root bus, which belongs to no node. */
  readonly node?: number;
}

export interface NvmeNamespaceTopology {
  readonly nsid: number;
  /** Attached to several controllers. */
  readonly shared: boolean;
  readonly sizeMiB: number;
  /** Labels of the controllers it is attached to. */
  readonly on: readonly string[];
}

/** What a scenario's `topology` says, with every default filled in. One NVM subsystem. */
export interface NvmeTopology {
  /** NUMA nodes. More than one: one CPU each, CPU i on node i. One: two CPUs. */
  readonly nodes: number;
  readonly controllers: readonly NvmeControllerTopology[];
  readonly namespaces: readonly NvmeNamespaceTopology[];
}

const node = z.int().min(0).max(7);

const controllers = z.union([
  z.array(label).min(1).max(8),
  z.record(label, z.strictObject({ node: node.optional() }).nullable()),
]);

const namespaceSchema = z.strictObject({
  nsid: z.int().min(1).max(256),
  shared: z.boolean().optional(),
  sizeMiB: z.int().min(1).max(4_096).optional(),
  on: z.array(label).min(1).optional(),
});

const normalise = (given: z.infer<typeof controllers>): NvmeControllerTopology[] =>
  Array.isArray(given)
    ? given.map((name) => ({ label: name }))
    : Object.entries(given).map(([name, value]) =>
        value?.node === undefined ? { label: name } : { label: name, node: value.node },
      );

const twice = (names: readonly (string | number)[]): string | number | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

/** Schema of `topology` in a scenario of this driver. */
export const nvmeTopology = z
  .strictObject({
    nodes: z.int().min(1).max(8).optional(),
    controllers,
    namespaces: z.array(namespaceSchema).min(1).max(16),
  })
  .transform((value, context): NvmeTopology => {
    const nodes = value.nodes ?? 1;
    const list = normalise(value.controllers);
    const labels = list.map((controller) => controller.label);
    const complain = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    if (list.length === 0 || list.length > 8) complain(['controllers'], 'expected 1 to 8 controllers');
    const double = twice(labels);
    if (double !== undefined) complain(['controllers'], `${String(double)} is named twice`);
    for (const controller of list) {
      if (controller.node !== undefined && controller.node >= nodes) {
        complain(['controllers', controller.label, 'node'], `expected a node below ${String(nodes)}`);
      }
    }
    const doubleNsid = twice(value.namespaces.map(({ nsid }) => nsid));
    if (doubleNsid !== undefined) complain(['namespaces'], `nsid ${String(doubleNsid)} is named twice`);
    const namespaces = value.namespaces.map((ns, index): NvmeNamespaceTopology => {
      const shared = ns.shared ?? true;
      const on = ns.on ?? labels;
      for (const name of on) {
        if (!labels.includes(name)) complain(['namespaces', index, 'on'], `no controller is labelled ${name}`);
      }
      if (!shared && on.length > 1)
        complain(['namespaces', index], 'a private namespace is on one controller: say which');
      return { nsid: ns.nsid, shared, sizeMiB: ns.sizeMiB ?? 64, on };
    });
    return { nodes, controllers: list, namespaces };
  });

/** Names that scenario steps may use. */
export const declaredNames = (topology: NvmeTopology): readonly Reference[] =>
  topology.controllers.map(({ label: name }) => ({ kind: 'controller', name }));

/** CPUs and nodes of the simulated machine, as {@link NvmeTopology.nodes} says. */
export const numaOf = (topology: NvmeTopology): NumaTopology => {
  if (topology.nodes === 1) return { cpuNodes: [0, 0], nodes: [0] };
  const nodes = Array.from({ length: topology.nodes }, (_, index) => index);
  return { cpuNodes: nodes, nodes };
};
