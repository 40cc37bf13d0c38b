// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errors } from './errors.js';

const SCHEMA = 'mpath.discriminating/1';
const schema = z.strictObject({
  schema: z.literal(SCHEMA),
  /** Kernel → scenario → labels of observations. */
  kernels: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
});

/** `discriminating.json` beside a driver’s scenarios. */
export const discriminatingUrl = (scenarios: URL): URL =>
  new URL('discriminating.json', scenarios.href.endsWith('/') ? scenarios : `${scenarios.href}/`);

/**
 * Which observations tell a wrong model from a right one: some mutant of the model changes their value
 * (`npm run bench -- discrimination --write`). A count of observations means these.
 */
export class Discriminating {
  private constructor(
    private readonly kernels: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  ) {}

  /**
   * @returns undefined when the driver has no such list
   * @throws LMP-509 the file is no such list
   */
  static async read(scenarios: URL): Promise<Discriminating | undefined> {
    const file = discriminatingUrl(scenarios);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : Discriminating.parse(text, fileURLToPath(file));
  }

  /** @throws LMP-509 */
  static parse(text: string, where: string): Discriminating {
    const todo = 'have it written again: npm run bench -- discrimination --write';
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw errors.fail('LMP-509', { message: 'expected JSON', where, todo, cause });
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw errors.fail('LMP-509', { message: z.prettifyError(parsed.error), where, todo });
    return new Discriminating(parsed.data.kernels);
  }

  /** How many of the scenario’s observations mean something; on a kernel without mutants of its own those of any kernel. */
  count(kernel: string, scenario: string): number {
    const own = this.kernels[kernel];
    const lists = own === undefined ? Object.values(this.kernels) : [own];
    return new Set(lists.flatMap((scenarios) => scenarios[scenario] ?? [])).size;
  }
}
