// SPDX-License-Identifier: GPL-2.0-only
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';

const room = (path: string): string => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

const scenario = (name: string, steps: string): string =>
  `schema: mpath.scenario/1\nname: ${name}\ntitle: T\ndriver: toy\ntopology: { buttons: [a, b, c, d] }\nsteps: [${steps}]\n`;

/**
 * The toy as a driver of the library: `crashes` goes wrong on v3 alone, `hangs` on fixed too,
 * and of the remedies one mends the crash.
 */
const config = `import { libWith } from ${room('core/dist/index.js')};
import { toyDriver } from ${room('scenario/src/testing/toy-driver.ts')};
import { ToyWorld, toyProfile } from ${room('scenario/src/testing/toy-model.ts')};
const scenarios: URL = new URL('./scenarios/', import.meta.url);
const findings: URL = new URL('./findings/', import.meta.url);
class Mended extends ToyWorld {
  *crash() {}
}
const on = (name: string, mended: boolean) => {
  const profile = { ...toyProfile(name, true), kind: 'library' };
  return mended ? { ...profile, makeWorld: () => new Mended(true) } : profile;
};
const libraryModel = (names) => on(libWith(names).revision, names.includes('rearming-puts-module'));
const models = [toyProfile('1.0', false), on('v3', false), on('fixed', true)];
export default { drivers: [{ ...toyDriver, models, libraryModel, scenarios, findings }] };
`;

export interface ListedFinding {
  readonly id: string;
  readonly revisions: readonly string[];
}

/** Writes a list of known findings with its pages. */
export const writeKnown = async (folder: string, findings: readonly ListedFinding[]): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const entries = findings.map((one) => ({ ...one, title: 'T', status: 'real', reporter: 'nobody' }));
  await writeFile(join(folder, 'findings.json'), JSON.stringify({ schema: 'mpath.findings/1', findings: entries }));
  for (const { id } of findings) await writeFile(join(folder, `${id}.md`), `# ${id}: T\n`);
};

/** A folder with that configuration; its scenarios are the toy’s and two that go wrong. */
export const toyLibrary = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'mpath-check-'));
  await cp(fileURLToPath(toyDriver.scenarios), join(dir, 'scenarios'), { recursive: true });
  await writeFile(join(dir, 'scenarios/crashes.scenario.yaml'), scenario('crashes', '{ press: [a, b] }, crash'));
  await writeFile(join(dir, 'scenarios/hangs.scenario.yaml'), scenario('hangs', '{ press: a }, hang'));
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await writeFile(join(dir, 'mpath.config.ts'), config);
  await writeKnown(join(dir, 'findings'), []);
  return dir;
};
