// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import type { ExpectationResult, KernelVerdict, ScenarioVerdict } from '@libmultipath/contract';
import { parse } from 'yaml';
import { z } from 'zod';
import { errors } from '../errors.js';

const fileSchema = z.strictObject({
  schema: z.literal('mpath.expect/1'),
  expected: z.array(
    z.strictObject({
      /** Name as given to --kernel, or a release. */
      kernel: z.string().min(1),
      scenario: z.string().min(1),
      verdict: z.enum(['diverge', 'too-loose', 'kernel-fault', 'error']),
      /** Why that is so, and who knows of it. */
      reason: z.string().min(1),
      /** Last day on which it excuses. */
      until: z.iso.date(),
    }),
  ),
});

type Entry = z.infer<typeof fileSchema>['expected'][number];

/** Failures that are known, each excused until a day. */
export class Expectations {
  private constructor(
    private readonly entries: readonly Entry[],
    private readonly today: string,
  ) {}

  /**
   * @param file YAML or JSON, `mpath.expect/1`
   * @param today `YYYY-MM-DD`; an entry excuses on its last day still
   * @throws LMP-915
   */
  static async read(file: string, today: string): Promise<Expectations> {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw broken(file, cause instanceof Error ? cause.message : String(cause), cause);
    });
    return Expectations.parse(text, file, today);
  }

  /** @throws LMP-915 */
  static parse(text: string, file: string, today: string): Expectations {
    let value: unknown;
    try {
      // A day without quotes stays the text it is.
      value = parse(text, { schema: 'core', logLevel: 'silent' });
    } catch (cause) {
      throw broken(file, cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause), cause);
    }
    const checked = fileSchema.safeParse(value);
    if (!checked.success) throw broken(file, z.prettifyError(checked.error));
    const { expected } = checked.data;
    const keys = expected.map(({ kernel, scenario }) => `${scenario} on ${kernel}`);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw broken(file, `expected one entry for ${twice}, found two`);
    return new Expectations(expected, today);
  }

  /** The row, excused where its failure is on the list and the day is not over. */
  excuse(kernel: Kernel, row: ScenarioVerdict): ScenarioVerdict {
    const entry = this.entries.find((one) => isOf(one, kernel) && one.scenario === row.name);
    if (entry === undefined || entry.verdict !== row.verdict || this.isOver(entry)) return row;
    return { ...row, expected: { reason: entry.reason, until: entry.until } };
  }

  /** What came of the entries whose scenario was run on their kernel. */
  results(kernels: readonly KernelVerdict[]): ExpectationResult[] {
    return this.entries.flatMap((entry) =>
      kernels
        .filter((kernel) => isOf(entry, kernel))
        .flatMap(({ scenarios }) => scenarios)
        .filter(({ name, verdict }) => name === entry.scenario && verdict !== 'not-run' && verdict !== 'unsupported')
        .map((row): ExpectationResult => {
          const state = this.isOver(entry) ? 'expired' : row.verdict === entry.verdict ? 'met' : 'gone';
          return { ...entry, state };
        }),
    );
  }

  private isOver({ until }: Entry): boolean {
    return until < this.today;
  }
}

type Kernel = Pick<KernelVerdict, 'name' | 'release'>;

const isOf = ({ kernel }: Entry, { name, release }: Kernel): boolean => kernel === name || kernel === release;

const broken = (where: string, message: string, cause?: unknown) =>
  errors.fail('LMP-915', {
    message,
    where,
    todo: 'write it as `schema: mpath.expect/1` and a list `expected` of {kernel, scenario, verdict, reason, until}',
    ...(cause === undefined ? {} : { cause }),
  });
