// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { templateShapeV3 } from '@libmultipath/core';
import { HDIO_GETGEO } from '@libmultipath/kernel';
import * as core from '@libmultipath/core';
import * as kernel from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { checkDriver } from '../contract/check-driver.js';
import { ContractLab } from '../contract/laboratory.js';
import * as heads from '../library-driver/head.js';
import { library_host } from '../library-driver/structures.js';
import { exampleDriver } from '../testing/example-driver.js';

const source = readFileSync(fileURLToPath(new URL('../../../core/src/v3/template.ts', import.meta.url)), 'utf8');

/** Name of a callback → the example in its doc comment. */
const examples = new Map(
  [...source.matchAll(/@example\n((?: {3}\*.*\n)+?) {3}\*\/\n {2}readonly (\w+)/g)].map(([, text = '', name = '']) => [
    name,
    text.replaceAll(/^ {3}\* ?/gm, ''),
  ]),
);

const scope = { ...kernel, ...core, ...heads, library_host, LIVE: 0, BLOCKED: 1, GONE: 2 };

/** The examples as one template, the way an author would have them. */
const template = runInNewContext(`({ ${[...examples.values()].join(',\n')} })`, scope) as Readonly<
  Record<string, unknown>
>;

const callbacks = [...templateShapeV3.mandatory, ...templateShapeV3.optional];

it.each(callbacks)('the doc comment of %s has an example, says when it is called and in which context', (name) => {
  expect([...examples.keys()]).toContain(name);
  const [comment] = source.split(`readonly ${name}`)[0]?.split('/**').slice(-1) ?? [];
  expect(comment).toMatch(/When: /);
  expect(comment).toMatch(/Context:\s/);
});

describe('the examples, as one template', () => {
  const driver = exampleDriver({ template });

  it('keep the contract', () => {
    expect(checkDriver(driver).findings).toEqual([]);
  });

  it('run, each of them', () => {
    const [model] = driver.models;
    const { battery } = driver;
    if (model === undefined || battery === undefined) throw new Error('a library driver has both');
    const lab = new ContractLab(driver, battery, model);
    const { dev } = lab.add(0);
    const [head] = lab.heads();
    if (dev === undefined || head === undefined) throw new Error('the path did not come');
    const ask = (name: string, ...args: readonly unknown[]): unknown => {
      const callback = lab.callback(head, name);
      if (callback === undefined) throw new Error(`${name} is not in the template`);
      const asked = lab.ask(name, () => callback(...args));
      expect(asked).toMatchObject({ reports: [] });
      expect(asked.failure).toBeUndefined();
      return asked.value;
    };
    expect(ask('cdev_ioctl', dev, HDIO_GETGEO, null, true)).toBe(0);
    expect(ask('cdev_ioctl', dev, 1, null, true)).toBe(-kernel.E.ENOTTY);
    expect(ask('chr_uring_cmd', dev, null, 1)).toBe(-kernel.E.EAGAIN);
    expect(ask('chr_uring_cmd_iopoll', null, null, 0)).toBe(0);
    const opaque = ask('ioctl_begin', dev, HDIO_GETGEO);
    const references = (object: unknown): number | undefined =>
      object instanceof library_host ? object.dev.kref.refcount.refs : undefined;
    const held = references(opaque);
    ask('ioctl_finish', opaque);
    expect(references(opaque)).toBe((held ?? 0) - 1);
    const { status } = lab.submit();
    lab.rest();
    expect(status()).toBe(kernel.BLK_STS_OK);
  });
});
