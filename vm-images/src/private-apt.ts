// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseStanzas, type DebianArchive } from './apt-sources.js';
import { noSpaceLeft } from './cache-guard.js';
import { vmImagesErrors } from './errors.js';
import { lastLines, runTool, type ToolResult } from './run-tool.js';

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Names it depends on, first alternatives only. */
  readonly depends: readonly string[];
}

/** An apt that knows one suite of one archive and touches nothing of the machine's own. */
export interface PrivateApt {
  readonly packageNames: (prefix: string) => Promise<string[]>;
  readonly show: (name: string) => Promise<DebianPackage | undefined>;
  /** Downloads into `dir`; apt verifies against the signed index. */
  readonly download: (packages: readonly DebianPackage[], dir: string) => Promise<void>;
}

/** A value for apt's configuration, which knows no escape for a quotation mark. */
const quoted = (value: string): string => {
  if (!/["\n]/.test(value)) return `"${value}"`;
  throw vmImagesErrors.fail('LMP-803', {
    message: 'a path without quotation marks and line breaks is expected, since apt cannot be told any other',
    where: value,
    todo: 'choose another cache directory',
  });
};

const configuration = (dir: string): string => `
Dir::Etc::sourcelist ${quoted(join(dir, 'debian.sources'))};
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "-";
Dir::State ${quoted(join(dir, 'state'))};
Dir::State::lists ${quoted(join(dir, 'lists'))};
Dir::State::status ${quoted(join(dir, 'status'))};
Dir::Cache ${quoted(join(dir, 'cache'))};
Dir::Log ${quoted(join(dir, 'log'))};
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`;

const sources = ({ uri, signedBy }: DebianArchive, suite: string): string =>
  [
    'Types: deb',
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    'Components: main',
    ...(signedBy === undefined ? [] : [`Signed-By: ${signedBy}`]),
    '',
  ].join('\n');

const check = (result: ToolResult, doing: string): void => {
  if (!result.failed) return;
  const said = lastLines(result.stderr);
  if (/No space left on device|enough free space/i.test(result.stderr)) throw noSpaceLeft(said);
  throw vmImagesErrors.fail('LMP-802', {
    message: `apt could not ${doing}: ${said}`,
    todo: 'run it again with network, or give --kernel path/to/bzImage',
  });
};

/** A stanza of `apt-cache show`. */
export const parsePackage = (text: string): DebianPackage | undefined => {
  const fields = parseStanzas(text)[0];
  const name = fields?.get('Package');
  const version = fields?.get('Version');
  const sha256 = fields?.get('SHA256');
  if (fields === undefined || name === undefined || version === undefined || sha256 === undefined) return undefined;
  const depends = (fields.get('Depends') ?? '')
    .split(',')
    .map((each) => /^\s*([^\s(:|]+)/.exec(each)?.[1])
    .filter((each) => each !== undefined);
  return { name, version, sha256, sizeBytes: Number(fields.get('Size') ?? 0), depends };
};

/**
 * Sets up apt in `dir` and reads the suite's index.
 * @throws LMP-802 the mirror cannot be reached or its signature is not good, LMP-807, ENOSPC.
 */
export const openPrivateApt = async (dir: string, archive: DebianArchive, suite: string): Promise<PrivateApt> => {
  for (const sub of ['state', 'lists/partial', 'cache/archives/partial', 'log']) {
    await mkdir(join(dir, sub), { recursive: true });
  }
  const config = join(dir, 'apt.conf');
  await writeFile(config, configuration(dir));
  await writeFile(join(dir, 'debian.sources'), sources(archive, suite));
  await writeFile(join(dir, 'status'), '');
  const apt = (program: string, args: string[], timeoutMs: number, cwd?: string): Promise<ToolResult> =>
    runTool(program, ['-c', config, ...args], {
      timeoutMs,
      debianPackage: 'apt',
      ...(cwd === undefined ? {} : { cwd }),
    });

  check(await apt('apt-get', ['-q', 'update'], 300_000), `read the index of ${suite}`);
  return {
    packageNames: async (prefix) => {
      const result = await apt('apt-cache', ['pkgnames', prefix], 60_000);
      check(result, `list the packages of ${suite}`);
      return result.stdout.split('\n').filter((name) => name !== '');
    },
    show: async (name) => parsePackage((await apt('apt-cache', ['show', '--no-all-versions', name], 60_000)).stdout),
    download: async (packages, to) => {
      const wanted = packages.map(({ name, version }) => `${name}=${version}`);
      check(await apt('apt-get', ['-q', 'download', ...wanted], 1_200_000, to), `download ${wanted.join(' ')}`);
    },
  };
};
