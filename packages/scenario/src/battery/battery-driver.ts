// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, BatteryPort, BatteryTopology, ModelProfile, Scenario } from '@libmultipath/contract';
import { currentMachine, virtualTime, type Chooser, type Property, type Steps } from '@libmultipath/kernel';
import { batteryProperties, shapeHeads, type ShapeHeads } from './properties.js';
import { batteryTopology, numaOfShape } from './topology.js';
import { needsOfEntry, neutralWords } from './vocabulary.js';
import { BatteryWorld } from './world.js';

/** The driver that a shape of the battery names: any. */
export const ANY_DRIVER = '*';

/** Folder with the shapes. */
export const batteryScenarios = new URL('../../battery/', import.meta.url);

type Port = BatteryPort<unknown, unknown>;
type Profile = ModelProfile<unknown, unknown>;

/** Virtual time that stops before a timer expires: what is armed at the start stays armed. */
const untilRest = (): Chooser => {
  const time = virtualTime();
  return {
    pick: (enabled, machine) => {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      return awake.length === 0 ? undefined : time.pick(awake, machine);
    },
  };
};

function* setUp(world: BatteryWorld): Steps<void> {
  const { port, driver, shape } = world;
  for (const path of shape.attached) yield* port.addPath(driver, path);
  if (shape.policy !== 'numa') yield* port.setPolicy?.(driver, shape.policy) ?? nothing();
  if (shape.delayedRemovalSecs > 0) yield* port.setDelayedRemoval?.(driver, shape.delayedRemovalSecs) ?? nothing();
}

function* nothing(): Steps<void> {}

function* afterwards({ port, driver, shape }: BatteryWorld): Steps<void> {
  for (const path of shape.unusable) yield* port.setUsable?.(driver, path, false) ?? nothing();
}

const variantOf = (port: Port, profile: Profile, { without }: BatteryTopology): Profile | undefined =>
  without.length === 0 ? profile : port.variant?.(profile, without);

/** What must hold of the heads: the library's own properties, which this package does not know. */
export type HeadProperties = (of: ShapeHeads) => readonly Property[];

const onShapes = (port: Port, profile: Profile, headProperties: HeadProperties): Profile => ({
  name: profile.name,
  title: profile.title,
  kind: profile.kind,
  features: profile.features,
  // A shape was read by the battery's own schema, and is what it gave.
  numa: (shape) => numaOfShape(shape as BatteryTopology),
  failable: (shape) => ((shape as BatteryTopology).allocationsFail ? 'all' : undefined),
  properties: (shape) => [
    ...batteryProperties,
    ...headProperties(shapeHeads),
    ...(profile.properties?.(port.topology(shape as BatteryTopology)) ?? []),
  ],
  makeWorld: (given) => {
    const shape = given as BatteryTopology;
    const made = variantOf(port, profile, shape) ?? profile;
    const machine = currentMachine();
    const world = new BatteryWorld(port, made.makeWorld(port.topology(shape)), shape, machine);
    // One schedule brings it there: what can go wrong on the way is for shapes that begin without a path.
    machine.spawn('boot paths', () => setUp(world));
    machine.prepare(untilRest());
    machine.spawn('boot states', () => afterwards(world));
    machine.prepare(untilRest());
    world.look();
    return world;
  },
});

/** A driver as the standard battery sees it. */
export interface BatteryDriver extends AnyDriver {
  /** Why a shape cannot be explored on a model of the driver; undefined: it can. */
  lacks(scenario: Scenario, profile: Profile): string | undefined;
}

export const isBatteryDriver = (driver: AnyDriver): driver is BatteryDriver => 'lacks' in driver;

const missingOf = (port: Port, scenario: Scenario): string | undefined => {
  const topology = scenario.topology as BatteryTopology;
  const fromStart = [
    ...(topology.unusable.length > 0 ? ['setUsable'] : []),
    ...(topology.policy === 'numa' ? [] : ['setPolicy']),
    ...(topology.delayedRemovalSecs > 0 ? ['setDelayedRemoval'] : []),
  ];
  const wanted = scenario.steps.flatMap((step) => (step.kind === 'do' ? needsOfEntry(step.verb, step.args) : []));
  const missing = [...new Set([...fromStart, ...wanted])].filter(
    (name) => !(name in port) || Reflect.get(port, name) === undefined,
  );
  return missing.length === 0 ? undefined : `the driver's battery port has no ${missing.join(', ')}`;
};

/**
 * The driver with the neutral words on its own models, through its port; undefined: it has none. Its
 * name stays, so that findings, tokens and rows name it.
 */
export const batteryDriverOf = (driver: AnyDriver, headProperties: HeadProperties): BatteryDriver | undefined => {
  const port: Port | undefined = driver.battery;
  if (port === undefined) return undefined;
  const hasLibrary = driver.libraryModel !== undefined;
  const onLibrary = (remedies: readonly string[]): Profile => {
    const model = driver.libraryModel?.(remedies);
    if (model === undefined) throw new Error(`${driver.name} lost its library model`);
    return wrapped(model);
  };
  const originals = new WeakMap<Profile, Profile>();
  const wrapped = (profile: Profile): Profile => {
    const made = onShapes(port, profile, headProperties);
    originals.set(made, profile);
    return made;
  };
  return {
    ...driver,
    topology: batteryTopology,
    declares: () => [],
    // The words go with the worlds that the models below make.
    steps: neutralWords as AnyDriver['steps'],
    observations: {},
    models: driver.models.map(wrapped),
    ...(hasLibrary ? { libraryModel: onLibrary } : {}),
    scenarios: batteryScenarios,
    lacks: (scenario, profile) => {
      const shape = scenario.topology as BatteryTopology;
      const original = originals.get(profile) ?? profile;
      if (variantOf(port, original, shape) === undefined) {
        return `the driver has no model without ${shape.without.join(', ')}`;
      }
      return missingOf(port, scenario) ?? port.unsupported?.(original, shape);
    },
  };
};
