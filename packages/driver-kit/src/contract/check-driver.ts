// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, BatteryHead, BatteryPort, ModelProfile } from '@libmultipath/contract';
import {
  BLK_STS_OK,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  type KObject,
  type Steps,
} from '@libmultipath/kernel';
import { errors } from '../errors.js';
import { asked, checkAnswers, checkContext, isV1 } from './callbacks.js';
import { foundOf, type ContractFinding, type Found } from './finding.js';
import { ContractLab, type Asked } from './laboratory.js';
import { RemovalWatch } from './removal.js';
import { contractRules, type ContractRule } from './rules.js';

type Port = BatteryPort<unknown, unknown>;
type Profile = ModelProfile<unknown, unknown>;

/** What the checks of the contract gave. */
export interface ContractResult {
  readonly driver: string;
  /** Names of the models that were looked at. */
  readonly revisions: readonly string[];
  readonly findings: readonly ContractFinding[];
  /** Broken, and the author says why. */
  readonly excepted: readonly (ContractFinding & { readonly reason: string })[];
}

export interface ContractOptions {
  /** Names of models on the library; all that the driver has unless given. */
  readonly revisions?: readonly string[];
}

const LONGEST_ERRNO = 4_095;
const DELAY_SECS = 5;

const wrong = ({ reports, failure }: Asked<unknown>, doing: string): Found[] =>
  failure === undefined || reports.length > 0
    ? foundOf(reports, doing)
    : [{ rule: 'clean-run', callback: doing, message: `${doing}: ${failure}; expected it to return` }];

const errnoOf = (lab: ContractLab): Found[] =>
  lab.calls.flatMap(({ name, value }): Found[] => {
    if (typeof value !== 'number' || (Number.isInteger(value) && value >= -LONGEST_ERRNO)) return [];
    return [
      {
        rule: 'errno',
        callback: name,
        message: `${name}() returned ${String(value)}; expected 0, a result, or an errno from -1 to -${String(LONGEST_ERRNO)}`,
      },
    ];
  });

function* nothing(): Steps<undefined> {
  return undefined;
}

/** Makes path 0 usable or not, where the driver can. */
const settingUsable = (lab: ContractLab): ((usable: boolean) => Asked<unknown>) | undefined => {
  const { port, world } = lab;
  if (port.setUsable === undefined) return undefined;
  return (usable) =>
    lab.ask(usable ? 'set-usable' : 'set-unusable', () => port.setUsable?.(world, 0, usable) ?? nothing());
};

/** The answers about a path in its states, and where they may be asked. */
const questions = (driver: AnyDriver, port: Port, profile: Profile): Found[] => {
  const lab = new ContractLab(driver, port, profile);
  const { dev, asked: added } = lab.add(0);
  const found = wrong(added, 'add-path');
  const [head] = lab.heads();
  if (dev === undefined || head === undefined) {
    if (found.length > 0) return found;
    return [
      {
        rule: 'clean-run',
        callback: 'addPath',
        message: 'no path is on a list after addPath(); expected mpath_add_device()',
      },
    ];
  }
  found.push(...checkContext(lab, head, dev));
  found.push(...checkAnswers(lab, head, dev, true));
  const { cdevIoctl } = port;
  const set = settingUsable(lab);
  if (set !== undefined) {
    found.push(...wrong(set(false), 'set-unusable'));
    lab.rest();
    found.push(...checkAnswers(lab, head, dev, false));
  }
  if (cdevIoctl !== undefined) found.push(...passthrough(lab, head, dev, cdevIoctl));
  return [...found, ...errnoOf(lab)];
};

/** The char device's ioctl on the path. */
const passthrough = (
  lab: ContractLab,
  head: BatteryHead,
  dev: KObject,
  ioctl: NonNullable<Port['cdevIoctl']>,
): Found[] => {
  const callback = lab.callback(head, 'cdev_ioctl');
  const srcu: unknown = Reflect.get(head.object, 'srcu');
  if (callback === undefined || isV1(head) || !(srcu instanceof srcu_struct)) return [];
  const passed = lab.ask('cdev_ioctl', function* () {
    const idx = yield* srcu_read_lock(srcu);
    const value = yield* callback(dev, ioctl.cmd, ioctl.arg, true);
    yield* srcu_read_unlock(srcu, idx);
    return value;
  });
  return wrong(passed, 'cdev_ioctl');
};

/** I/O while no path is usable, and when one is again. */
const withoutPath = (driver: AnyDriver, port: Port, profile: Profile): Found[] => {
  const lab = new ContractLab(driver, port, profile);
  const set = settingUsable(lab);
  if (set === undefined) return [];
  const { dev } = lab.add(0);
  const [head] = lab.heads();
  const available = head === undefined ? undefined : lab.callback(head, 'available_path');
  if (dev === undefined || head === undefined || available === undefined) return [];
  set(false);
  lab.rest();
  const hopes = lab.ask('available_path', () => available(...asked(head, 'available_path', dev))).value;
  const { status } = lab.submit();
  const found = wrong(lab.rest(), 'I/O without a usable path');
  if (hopes === false && (status() === undefined || status() === BLK_STS_OK)) {
    found.push({
      rule: 'no-path-fails',
      callback: 'available_path',
      message: `available_path() is false for every path, and a bio ${status() === undefined ? 'waits' : 'ended well'}; expected it to end with an error`,
    });
  }
  if (hopes !== true || status() !== undefined) return found;
  set(true);
  lab.rest();
  if (status() === undefined) {
    found.push({
      rule: 'kick-on-return',
      callback: 'setUsable',
      message:
        'a bio still waits after its path became usable; expected mpath_schedule_requeue_work() once is_disabled() is false',
    });
  }
  return found;
};

/** One path after the other goes, step by step. */
const removal = (driver: AnyDriver, port: Port, profile: Profile): Found[] => {
  const lab = new ContractLab(driver, port, profile);
  const devs = [0, 1].map((path) => lab.add(path).dev);
  const [head] = lab.heads();
  if (head === undefined) return [];
  lab.submit();
  const found = wrong(lab.rest(), 'I/O');
  // The cached one first: that is the harder case.
  const order = [...devs.keys()].sort((a, b) => cached(head, devs[b]) - cached(head, devs[a]));
  for (const path of order) {
    const dev = devs[path];
    if (dev === undefined) continue;
    if (cached(head, dev) === 0) {
      lab.submit();
      lab.rest();
    }
    const watch = new RemovalWatch(lab, head, dev);
    lab.watch = (event) => watch.see(event);
    found.push(
      ...wrong(
        lab.ask('remove-path', () => port.removePath(lab.world, path)),
        'remove-path',
      ),
    );
    lab.rest();
    lab.watch = undefined;
    found.push(...watch.found());
  }
  return [...found, ...wrong(lab.expire(), 'the end'), ...left(lab)];
};

const cached = (head: BatteryHead, dev: KObject | undefined): number =>
  dev !== undefined && head.currentPath.includes(dev) ? 1 : 0;

/** What is left after everything was removed. */
const left = (lab: ContractLab): Found[] => {
  const { port, world } = lab;
  const remains = port.remains?.(world) ?? lab.heads().map(({ object }) => object);
  const found: Found[] = remains
    .filter(({ alloc }) => !alloc.freed)
    .map(({ label }) => ({
      rule: 'references-returned',
      callback: 'remove',
      message: `${label} is left after the last path was removed; expected every reference on it to be dropped`,
    }));
  return found;
};

/** The last path goes, and the head waits for another one. */
const delayed = (driver: AnyDriver, port: Port, profile: Profile): Found[] => {
  if (port.setDelayedRemoval === undefined) return [];
  const lab = new ContractLab(driver, port, profile);
  lab.add(0);
  const [head] = lab.heads();
  if (head === undefined) return [];
  const armed = lab.ask('set-delayed-removal', () => port.setDelayedRemoval?.(lab.world, DELAY_SECS) ?? nothing());
  if (armed.value !== 0) return wrong(armed, 'set-delayed-removal');
  const found: Found[] = [];
  if (Reflect.get(head.object, 'drv_module') === null) {
    found.push({
      rule: 'drv-module',
      callback: 'drv_module',
      message:
        'drv_module is NULL and delayed removal can be armed; expected the driver’s module: the pending work takes a reference on it',
    });
  }
  if (!isV1(head) && lab.callback(head, 'remove_head') === undefined) {
    found.push({
      rule: 'remove-head',
      callback: 'remove_head',
      message:
        'there is no remove_head and delayed removal can be armed; expected one: the work that ends the delay calls it',
    });
    return found;
  }
  found.push(
    ...wrong(
      lab.ask('remove-path', () => port.removePath(lab.world, 0)),
      'remove-path',
    ),
  );
  found.push(...wrong(lab.expire(), 'the delay runs out'));
  return [...found, ...left(lab)];
};

/** Each rule once a callback: the first that showed it. */
const once = (found: readonly Found[]): Found[] => {
  const seen = new Map<string, Found>();
  for (const one of found) {
    const key = `${one.rule} ${one.callback} ${one.rule === 'clean-run' ? one.message : ''}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
};

const parts = [questions, withoutPath, removal, delayed];

/**
 * Holds a driver to the contract of the library: the rules of {@link contractRules}, on each of its
 * models on the library, with one thing done at a time. What schedules can break is for the checker.
 * @throws LMP-610 the driver has no battery port, or no model on the library
 */
export const checkDriver = (driver: AnyDriver, { revisions }: ContractOptions = {}): ContractResult => {
  const { battery, models, name, exceptions = {} } = driver;
  const profiles = models.filter(
    (model) => model.kind === 'library' && (revisions === undefined || revisions.includes(model.name)),
  );
  if (battery === undefined || profiles.length === 0) {
    throw errors.fail('LMP-610', {
      message: battery === undefined ? 'expected `battery`, found none' : 'expected a model on the library, found none',
      where: `driver ${name}`,
      todo: battery === undefined ? 'write its battery port' : `it has ${models.map((model) => model.name).join(', ')}`,
    });
  }
  const all = profiles.flatMap((profile): ContractFinding[] =>
    once(parts.flatMap((part) => part(driver, battery, profile))).map((one) => ({ ...one, revision: profile.name })),
  );
  const reasonOf = ({ rule }: ContractFinding): string | undefined => exceptions[rule];
  return {
    driver: name,
    revisions: profiles.map((profile) => profile.name),
    findings: all.filter((one) => reasonOf(one) === undefined),
    excepted: all.flatMap((one) => {
      const reason = reasonOf(one);
      return reason === undefined ? [] : [{ ...one, reason }];
    }),
  };
};

/** Rules by name: for whoever lists them. */
export const ruleNames = Object.keys(contractRules) as readonly ContractRule[];
