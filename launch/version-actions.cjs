// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
'use strict';

/*
 * How `nx release` reads and writes the versions of our packages: package.json, ours pinned exactly. The plugin
 * that does this for every kind of workspace brings a compiler and a bundler along, none of which is used here.
 */
const { VersionActions } = require('nx/release');

const COLLECTIONS = /** @type {const} */ (['dependencies', 'devDependencies']);
/** What a template writes into a user's package is published with it, so it names the version, too. */
const TEMPLATES = { '@libmultipath/scaffold': ['packages/scaffold/templates/driver/package.json'] };

/** @typedef {{ version: string, dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} Manifest */
/** @typedef {Parameters<InstanceType<typeof VersionActions>['updateProjectVersion']>[0]} Tree */

/**
 * @param {Tree} tree
 * @param {string} path
 */
const readManifest = (tree, path) => {
  /** @type {unknown} */
  const manifest = JSON.parse(tree.read(path, 'utf8') ?? '{}');
  return /** @type {Manifest} */ (manifest); // npm has read it before
};

/**
 * @param {Tree} tree
 * @param {string} path
 * @param {Manifest} manifest
 */
const writeManifest = (tree, path, manifest) => tree.write(path, `${JSON.stringify(manifest, null, 2)}\n`);

class PackageVersions extends VersionActions {
  validManifestFilenames = ['package.json'];

  get manifest() {
    return `${this.projectGraphNode.data.root}/package.json`;
  }

  /** @param {Tree} tree */
  readCurrentVersionFromSourceManifest(tree) {
    const { version } = readManifest(tree, this.manifest);
    return Promise.resolve({ currentVersion: version, manifestPath: this.manifest });
  }

  /** Versions come from the files: a dry run asks nobody. */
  readCurrentVersionFromRegistry() {
    return Promise.resolve(null);
  }

  /**
   * @param {Tree} tree
   * @param {unknown} _graph
   * @param {string} name
   */
  readCurrentVersionOfDependency(tree, _graph, name) {
    const manifest = readManifest(tree, this.manifest);
    const dependencyCollection = COLLECTIONS.find((one) => manifest[one]?.[name] !== undefined) ?? null;
    const currentVersion = dependencyCollection === null ? null : (manifest[dependencyCollection]?.[name] ?? null);
    return Promise.resolve({ currentVersion, dependencyCollection });
  }

  /**
   * @param {Tree} tree
   * @param {string} version
   */
  updateProjectVersion(tree, version) {
    writeManifest(tree, this.manifest, { ...readManifest(tree, this.manifest), version });
    return Promise.resolve([`version ${version} stands in ${this.manifest}`]);
  }

  /**
   * @param {Tree} tree
   * @param {unknown} _graph
   * @param {Record<string, string>} versions
   */
  updateProjectDependencies(tree, _graph, versions) {
    /** @type {Record<string, readonly string[]>} */
    const templates = TEMPLATES;
    const [version = ''] = Object.values(versions);
    const paths = [this.manifest, ...(templates[this.projectGraphNode.name] ?? [])];
    for (const path of paths) {
      const manifest = readManifest(tree, path);
      for (const collection of COLLECTIONS) {
        const entries = manifest[collection] ?? {};
        for (const name of Object.keys(entries)) {
          if (name.startsWith('@libmultipath/')) entries[name] = versions[name] ?? version;
        }
      }
      writeManifest(tree, path, manifest);
    }
    return Promise.resolve(paths.map((path) => `ours are asked for at ${version} in ${path}`));
  }
}

module.exports = { default: PackageVersions };
