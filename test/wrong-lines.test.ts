// SPDX-License-Identifier: GPL-2.0-only
// A model that nothing contradicts is an opinion: a wrong line in it must be found, and named.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildMpath, runMpath } from '@libmultipath/cli/testing/mpath-process';
import { canonical, type Json } from '@libmultipath/contract';
import { verifySchema } from '@libmultipath/report';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

const timeout = 170_000;
/** All that take little time to explore, and those that the wrong line must break. */
const quick = ['names-and-attributes', 'numa-local-path', 'queue-depth-first-listed', 'round-robin-alternates'];
const removals = ['delayed-removal-path-returns', 'last-path-removed'];

interface Break {
  readonly scenario: string;
  /** The entry of the scenario's file as it stands there. */
  readonly entry: string;
  readonly observation: string;
  readonly kernel: Json;
  readonly model: Json;
}

const onBoth = {
  csi: '0444',
  diag: 'dir',
  metadata_bytes: '0444',
  nsid: '0444',
  nuse: '0444',
  passthru_err_log_enabled: '0644',
  wwid: '0444',
};
const headAttributes = {
  ...onBoth,
  delayed_removal_secs: '0644',
  'diag/io_fail_no_available_path_count': '0644',
  'diag/io_requeue_no_usable_path_count': '0644',
  multipath: 'dir',
};
const pathAttributes = {
  ...onBoth,
  'diag/command_error_count': '0644',
  'diag/command_retries_count': '0644',
  'diag/multipath_failover_count': '0644',
  numa_nodes: '0444',
};
const head = { cdev: true, hidden: false, instance: 1, present: true, sizeMiB: 64 };

const wrongLines: readonly (readonly [folder: string, scenarios: readonly string[], breaks: readonly Break[]])[] = [
  [
    'alternation-order',
    quick,
    [
      {
        scenario: 'queue-depth-first-listed',
        entry: '{ paths-of: alternating }',
        observation: 'paths-of alternating',
        kernel: ['c1', 'c0', 'c1'],
        model: ['c0', 'c1', 'c0'],
      },
      {
        scenario: 'round-robin-alternates',
        entry: '{ paths-of: node-0 }',
        observation: 'paths-of node-0',
        kernel: ['c1', 'c0', 'c1'],
        model: ['c0', 'c1', 'c0'],
      },
    ],
  ],
  [
    'removal-without-delay',
    [...quick, ...removals],
    [
      {
        scenario: 'delayed-removal-path-returns',
        entry: 'observe: [head, paths, links, iopolicy]',
        observation: 'head',
        kernel: head,
        model: { present: false },
      },
    ],
  ],
  [
    'missing-attribute',
    quick,
    [
      {
        scenario: 'names-and-attributes',
        entry: 'observe: [attributes, iopolicy, numa-nodes]',
        observation: 'attributes',
        kernel: { head: headAttributes, path: { ...pathAttributes, queue_depth: '0444' } },
        model: { head: headAttributes, path: pathAttributes },
      },
    ],
  ],
];

beforeAll(buildMpath, 290_000);

const scenarioFile = (name: string): string => join('drivers', 'nvme', 'scenarios', `${name}.scenario.yaml`);

/** Line of the entry in the file. */
const lineOf = async (scenario: string, entry: string): Promise<number> => {
  const lines = (await readFile(join(root, scenarioFile(scenario)), 'utf8')).split('\n');
  const index = lines.findIndex((line) => line.includes(entry));
  if (index < 0) throw new Error(`${scenario} has no entry ${entry}`);
  return index + 1;
};

describe.each(wrongLines)('a model of 7.3 with a wrong line (%s)', (folder, scenarios, breaks) => {
  const cwd = join(root, 'test', 'wrong-lines', folder);

  it('diverges there and nowhere else, with file, line, observation and both values', { timeout }, async () => {
    const { code, out, err } = await runMpath(
      ['verify', ...scenarios, '--recorded', '--kernel', '7.3', '--json', '-'],
      { cwd },
    );
    expect({ code, err }).toMatchObject({ code: 1 });
    const [kernel] = verifySchema.parse(JSON.parse(out)).kernels;
    const rows = kernel?.scenarios ?? [];
    const broken = breaks.map(({ scenario }) => scenario);
    expect(Object.fromEntries(rows.map(({ name, verdict }) => [name, verdict]))).toEqual(
      Object.fromEntries(scenarios.map((name) => [name, broken.includes(name) ? 'diverge' : 'agree'])),
    );
    for (const { scenario, entry, observation, kernel: shown, model } of breaks) {
      const line = await lineOf(scenario, entry);
      const differences = rows.find(({ name }) => name === scenario)?.differences ?? [];
      const file = expect.stringMatching(new RegExp(`${scenarioFile(scenario).replaceAll('.', '[.]')}$`));
      const step = expect.stringMatching(/^observe: /);
      expect(differences).toEqual([{ step, observation, file, line, kernel: shown, model: [model] }]);
      // The same for a person, beside the document on standard error.
      const block = err.slice(err.search(new RegExp(`^ {2}diverge +${scenario} `, 'm')));
      expect(block.split('\n').slice(1, 5)).toEqual([
        expect.stringContaining(`${scenarioFile(scenario)}:${String(line)}  observe:`),
        `      observation  ${observation}`,
        `      kernel       ${canonical(shown)}`,
        `      model allows ${canonical(model)}`,
      ]);
    }
    expect(err).toContain(`${String(scenarios.length - breaks.length)} agree, ${String(breaks.length)} diverge (`);
  });
});
