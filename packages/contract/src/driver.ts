// SPDX-License-Identifier: GPL-2.0-only
import type { MachineOptions, NumaTopology, Property, Steps } from '@libmultipath/kernel';
import type { z } from 'zod';
import type { BatteryPort } from './battery.js';
import type { GuestPort } from './guest-port.js';
import type { Json } from './json.js';
import type { VmSpec } from './vm-spec.js';

/** Version of this interface; a driver built for another one is refused. */
export const DRIVER_API = 1;

/** A name that a step or observation uses: of the topology, or bound by an earlier step. */
export interface Reference {
  /** What it names, e.g. `controller`, `read`, `load`. */
  readonly kind: string;
  readonly name: string;
}

/** What steps and observations have in common: words in a scenario file, in two worlds. */
interface Word<A> {
  /** One sentence: what it does or shows. */
  readonly doc: string;
  /** The entry as it stands in a file, e.g. `attach: c0`. */
  readonly example: string;
  /** Schema of the arguments. */
  readonly args: z.ZodType<A>;
  /** Names it uses; each must be declared by the topology or bound before. */
  refers?(args: A): readonly Reference[];
}

/** Something a scenario does, in both worlds. */
export interface StepDefinition<A, M, G> extends Word<A> {
  /** Names it introduces for later entries. */
  binds?(args: A): readonly Reference[];
  /**
   * It starts something that goes on while the following entries run. Without it, the
   * model lets everything come to rest after the step before the next entry begins, and
   * the guest implementation waits for the corresponding state.
   */
  readonly background?: boolean;
  /** On the model: runs in the scenario's own task (a user process). */
  model(world: M, args: A): Steps<void>;
  /** In the guest. Waits on events and states, never on time. */
  guest(world: G, args: A): Promise<void>;
}

/** Something a scenario looks at, in both worlds. The values must be comparable. */
export interface ObservationDefinition<A, M, G> extends Word<A> {
  model(world: M, args: A): Steps<Json>;
  guest(world: G, args: A): Promise<Json>;
}

/** One model of a driver: a kernel version's own multipath, or a revision of the library. */
export interface ModelProfile<T, M> {
  /** `6.1`, `7.3`, `v3`. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'mainline' | 'library';
  /** Names out of {@link Driver.features} that it has. */
  readonly features: ReadonlySet<string>;
  numa(topology: T): NumaTopology;
  /**
   * Builds the initial state on the current machine: nothing attached, services idle.
   * Called inside `Program.make`; registers its roots in `machine.globals`.
   */
  makeWorld(topology: T): M;
  /** Allocations that the environment may refuse. Absent: those whose caller asks for it. */
  failable?(topology: T): MachineOptions['failable'];
  /** What must hold beyond what is asked of every machine; the world is found through `machine.globals`. */
  properties?(topology: T): readonly Property[];
}

/** The driver's side of the virtual machine. */
export interface GuestDefinition<T, G> {
  /** Topology → machine. Equal machines share a boot. */
  lower(topology: T): VmSpec;
  /**
   * First contact after boot: finds what the topology named (never assumes device names).
   * @throws LMP-2nn when the kernel cannot do it at all (no such driver): `unsupported`
   */
  open(port: GuestPort, topology: T): Promise<G>;
  /**
   * Brings the guest to the state in which every scenario begins and asserts it: nothing
   * attached, no trace, no held descriptor.
   */
  reset(world: G): Promise<void>;
}

/** Why two models differ in an observation, for `mpath diff`. */
export interface DifferenceExplanation {
  /** Names of the two profiles, in either order. */
  readonly between: readonly [string, string];
  /** Scenario name, or `*`. */
  readonly scenario: string;
  /** Observation label, or `*`. */
  readonly observation: string;
  /** What each side does and where in the sources that stands. */
  readonly why: string;
}

/**
 * A driver as the rest of the system sees it. `M` is its model world, `G` its guest
 * world, `T` its topology.
 */
export interface Driver<T = unknown, M = unknown, G = unknown> {
  readonly api: typeof DRIVER_API;
  readonly name: string;
  readonly title: string;
  readonly topology: z.ZodType<T>;
  /** Names that a topology declares. */
  declares(topology: T): readonly Reference[];
  /** Feature → since which kernel, one line each; `needs` and `features` draw on it. */
  readonly features: Readonly<Record<string, string>>;
  // The arguments' type is private to each word; the registry only hands back what the word's own schema gave.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly steps: Readonly<Record<string, StepDefinition<any, M, G>>>;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly observations: Readonly<Record<string, ObservationDefinition<any, M, G>>>;
  readonly models: readonly ModelProfile<T, M>[];
  /**
   * The model on the library with the named remedies, for `--remedy`; with none of them one of
   * {@link models}. Absent: the driver is on no library.
   * @throws LMP-101 no such remedy
   */
  libraryModel?(remedies: readonly string[]): ModelProfile<T, M>;
  /** Names of the driver's own remedies that {@link libraryModel} takes beside the library's. Absent: it has none. */
  readonly remedies?: readonly string[];
  /** Profile that predicts a kernel of that release, or undefined: no model of it. */
  profileFor(release: string): string | undefined;
  readonly guest: GuestDefinition<T, G>;
  /**
   * What an agreement means where the kernel has not got what the scenario is about, and stands in for it with
   * something else, e.g. `by dm-multipath`. Undefined, or absent: exactly.
   */
  agreement?(topology: T): string | undefined;
  readonly explanations: readonly DifferenceExplanation[];
  /** Folder with the driver's `*.scenario.yaml`; recordings stand in `recordings/` below it. */
  readonly scenarios: URL;
  /** Folder with the list of known findings and a page each. Absent: none is known. */
  readonly findings?: URL;
  /** How the standard battery is run on the driver's models. Absent: `mpath check --battery` says that it has none. */
  readonly battery?: BatteryPort<T, M>;
  /** Rules of the contract (`checkDriver()` of the driver kit) that the driver does not keep, each with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** A driver as one holds it who does not know its types: values of its own schemas go back to it. */
export type AnyDriver = Driver;
