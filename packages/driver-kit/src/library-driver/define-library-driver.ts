// SPDX-License-Identifier: GPL-2.0-only
import { DRIVER_API, type Driver } from '@libmultipath/contract';
import type { LibV3, mpath_device } from '@libmultipath/core';
import { currentMachine, register_trace_block_bio_remap, type Steps } from '@libmultipath/kernel';
import { defineDriver } from '../define-driver.js';
import type { ContractExceptions } from '../contract/rules.js';
import type { PathTemplate, TemplateV3 } from '../template/template-types.js';
import { libraryPort } from './port.js';
import { library_host, library_path, type LibraryHostOptions, type LibraryProtocol } from './structures.js';
import { declaredPaths, hostOptions, libraryTopology, numaOf, type LibraryTopology } from './topology.js';
import { libraryObservations, librarySteps, noGuest } from './words.js';

/** What its author writes of a driver on the library; the rest is the same for all. */
export interface LibraryDriverDefinition<P extends library_path> {
  /** Lower case: letters, digits, dashes. */
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** Structure of a path. */
  readonly path: new () => P;
  /** What the driver gives the library, for each revision of it that it is written for. */
  readonly revisions: { readonly v3: (lib: LibV3) => PathTemplate<P> };
  /**
   * A path was found: it joins its head and goes live. Context: may sleep, no lock held.
   * @returns 0 or -errno, and then nothing is left of it
   */
  readonly probe: (host: library_host, path: P) => Steps<number>;
  /**
   * The path goes. Afterwards nobody may use it: its memory is freed. Context: may sleep, no lock held.
   */
  readonly remove: (host: library_host, path: P) => Steps<void>;
  /** The path ceases to take I/O, or takes it again. Context: may sleep, no lock held. */
  readonly set_usable: (host: library_host, path: P, usable: boolean) => Steps<void>;
  /** Folder of the `*.scenario.yaml`. */
  readonly scenarios: URL;
  /** Folder of the known findings. Absent: none is known. */
  readonly findings?: URL;
  /** Rules of the contract that the driver does not keep, and why. */
  readonly exceptions?: ContractExceptions;
}

/** The path, as the driver's own structure: in C, `container_of()`. */
const asOwn =
  <P extends library_path>(type: new () => P) =>
  (path: unknown): P =>
    path instanceof type
      ? path
      : currentMachine().oops('driver-contract', `a path is no ${type.name}: it was made by somebody else`, undefined);

/** Callbacks that are given a path. */
const ofPath: readonly string[] = [
  'available_path',
  'is_disabled',
  'is_optimized',
  'cdev_ioctl',
  'ioctl_begin',
  'chr_uring_cmd',
];

/** The callbacks for paths of one structure, as the library calls them; what is none is for the check of the template. */
const forAnyPath = <P extends library_path>(own: PathTemplate<P>, as: (path: unknown) => P): TemplateV3 => {
  // A driver in plain JavaScript gives what it likes.
  const given: unknown = own;
  const members = typeof given === 'object' && given !== null ? Object.entries(given) : undefined;
  const wrapped = members?.map(([name, member]: [string, unknown]) => [
    name,
    typeof member === 'function' && ofPath.includes(name)
      ? (dev: mpath_device, ...more: readonly unknown[]): unknown => Reflect.apply(member, own, [as(dev), ...more])
      : member,
  ]);
  // Each member is kept or wrapped, none is lost or added: the pairs are as whole as in `own`.
  return (wrapped === undefined ? given : Object.fromEntries(wrapped)) as TemplateV3;
};

/** Notes for each read where its bios were sent. */
const traceReads = ({ session }: library_host): void => {
  register_trace_block_bio_remap((what, to) => {
    const path = to.private_data;
    if (path instanceof library_path && path.slot !== null) session.sent.get(what)?.paths.push(path.slot.slotLabel);
  });
};

/**
 * A driver on the library for a device that hardware keeps for it: its author writes the callbacks,
 * and what happens when a path comes, goes, fails or recovers. The kit adds head, disks, words for
 * scenarios, and the driver's side of the standard battery. There is no side in the guest.
 * @throws as {@link defineDriver}
 */
export const defineLibraryDriver = <P extends library_path>(
  definition: LibraryDriverDefinition<P>,
): Driver<LibraryTopology, library_host, never> => {
  const { name, title, path, revisions, probe, remove, set_usable, scenarios, findings, exceptions } = definition;
  const as = asOwn(path);
  const protocol: LibraryProtocol = {
    new_path: () => new path(),
    probe: (host, dev) => probe(host, as(dev)),
    remove: (host, dev) => remove(host, as(dev)),
    set_usable: (host, dev, usable) => set_usable(host, as(dev), usable),
  };
  const world = (topology: LibraryTopology, lib: LibV3, mpdt: TemplateV3, more: Partial<LibraryHostOptions>) => {
    lib.mpath_init();
    const host = new library_host(name, lib, mpdt, protocol, { ...hostOptions(topology), ...more });
    traceReads(host);
    return host;
  };
  return defineDriver<LibraryTopology, library_host, never, 'v3'>({
    api: DRIVER_API,
    name,
    title,
    topology: libraryTopology,
    declares: declaredPaths,
    features: {},
    steps: librarySteps,
    observations: libraryObservations,
    revisions: { v3: (lib) => forAnyPath(revisions.v3(lib), as) },
    environment: {
      features: [],
      numa: numaOf,
      makeWorld: (topology, { lib, template, without }) =>
        world(topology, lib, template, { forgetsModule: without.includes('drv_module') }),
    },
    profileFor: () => undefined,
    guest: { lower: noGuest, open: noGuest, reset: noGuest },
    explanations: [],
    scenarios,
    ...(findings === undefined ? {} : { findings }),
    ...(exceptions === undefined ? {} : { exceptions }),
    battery: libraryPort,
  });
};
