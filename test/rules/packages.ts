// SPDX-License-Identifier: GPL-2.0-only
import { roomOf } from '../rooms.mjs';
import { type Rule, type SourceFile } from '../tree.js';

const manifestOf = /^(packages\/[^/]+|drivers\/[^/]+|harness|vm-images)\/package\.json$/;
const targets = ['build', 'test', 'lint', 'typecheck', 'bench', 'vm'];

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Of ours: what only tests use. */
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly targets?: Readonly<Record<string, unknown>> };
}

interface ProjectFile {
  readonly references?: readonly { readonly path: string }[];
}

// The shapes are ours: a manifest that is none of these shows as a violation below.
const parseManifest = ({ text }: SourceFile): Manifest => JSON.parse(text) as Manifest;
const parseProject = ({ text }: SourceFile): ProjectFile => JSON.parse(text) as ProjectFile;

const rooms = (files: readonly SourceFile[]) =>
  files.flatMap((file) => {
    const dir = manifestOf.exec(file.path)?.[1];
    return dir === undefined ? [] : [{ dir, manifest: parseManifest(file) }];
  });

/** What lives in a room and what may not, in a paragraph. */
export const readmes: Rule = (files) =>
  rooms(files)
    .map(({ dir }) => `${dir}/README.md`)
    .filter((path) => (files.find((file) => file.path === path)?.text.trim().length ?? 0) < 80)
    .map((where) => ({ where, message: 'a paragraph says what lives here and what may not' }));

/** A room that the table of imports does not know is under no rule at all. */
export const knownRooms: Rule = (files) =>
  rooms(files)
    .filter(({ dir }) => roomOf(`${dir}/`) === undefined)
    .map(({ dir }) => ({ where: dir, message: 'has no row in test/rooms.mjs' }));

/** Every room has every target, so that `nx run-many` leaves none out. */
export const allTargets: Rule = (files) =>
  rooms(files).flatMap(({ dir, manifest }) =>
    targets
      .filter((target) => manifest.nx?.targets?.[target] === undefined)
      .map((target) => ({ where: `${dir}/package.json`, message: `lacks the target ${target}` })),
  );

/** tsc builds what a manifest depends on, in that order: the two lists are one. */
export const references: Rule = (files) => {
  const all = rooms(files);
  return all.flatMap(({ dir, manifest }) => {
    const where = `${dir}/tsconfig.json`;
    const project = files.find((file) => file.path === where);
    const up = '../'.repeat(dir.split('/').length);
    const found = (project === undefined ? [] : (parseProject(project).references ?? [])).map(({ path }) => path);
    const wanted = all
      .filter(
        ({ manifest: { name } }) => (manifest.dependencies?.[name] ?? manifest.devDependencies?.[name]) !== undefined,
      )
      .map((other) => up + other.dir);
    return [
      ...wanted
        .filter((path) => !found.includes(path))
        .map((path) => ({ where, message: `lacks the reference ${path}` })),
      ...found
        .filter((path) => !wanted.includes(path))
        .map((path) => ({ where, message: `refers to ${path}, which package.json does not list` })),
    ];
  });
};

/** A script that no project includes is neither type-checked nor linted with types. */
export const inProjects: Rule = (files) => {
  const projects = new Set(files.flatMap(({ path }) => /^(.+)\/tsconfig\.json$/.exec(path)?.[1] ?? []));
  return files
    .filter(({ path }) => /^(packages|drivers|harness|vm-images)\/.+\.ts$/.test(path))
    .filter(({ path }) => {
      const [, room = '', folder = ''] = /^((?:packages|drivers)\/[^/]+|harness|vm-images)\/([^/]+)\//.exec(path) ?? [];
      return folder !== 'src' && !projects.has(`${room}/${folder}`);
    })
    .map(({ path }) => ({ where: path, message: 'stands in src/, or in a folder with a tsconfig.json of its own' }));
};

/** The root project is what `npm run typecheck` builds: a project it does not refer to is never checked. */
export const rootReferences: Rule = (files) => {
  const root = files.find(({ path }) => path === 'tsconfig.json');
  const listed = new Set((root === undefined ? [] : (parseProject(root).references ?? [])).map(({ path }) => path));
  return files
    .flatMap(({ path }) => /^(.+)\/tsconfig\.json$/.exec(path)?.[1] ?? [])
    .filter((dir) => !listed.has(dir))
    .map((dir) => ({ where: 'tsconfig.json', message: `lacks the reference ${dir}` }));
};
