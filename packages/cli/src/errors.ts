// SPDX-License-Identifier: GPL-2.0-only
import { defineErrors } from '@libmultipath/errors';

export const errors = defineErrors({
  'LMP-900': {
    title: 'a fault of this program',
    explain:
      'Something happened that the program does not expect of itself. Please report it with the whole text, the command ' +
      'and the output of `mpath --version`.',
    exit: 70,
  },
  'LMP-901': {
    title: 'there is no mpath.config.ts',
    explain:
      'mpath.config.ts lists the drivers. It is looked for in the current folder and in those above it. Run the command ' +
      'inside a checkout, or write one: `export default { drivers: [myDriver] };`.',
    exit: 2,
  },
  'LMP-902': {
    title: 'mpath.config.ts cannot be loaded',
    explain:
      'The file, or a driver that it imports, threw while it was loaded, or its default export is not `{ drivers: […] }`. ' +
      'The message has the reason. It is an ES module: the package.json of its folder says `"type": "module"`.',
    exit: 2,
  },
  'LMP-903': {
    title: 'an unknown scenario',
    explain: '`mpath scenarios` lists the scenarios of all drivers; `--driver NAME` takes those of one.',
    exit: 2,
  },
  'LMP-904': {
    title: 'an unknown driver',
    explain: 'Drivers are listed in mpath.config.ts; `mpath drivers` prints them.',
    exit: 2,
  },
  'LMP-905': {
    title: 'an unknown model',
    explain:
      'A model is a kernel’s own multipath or a revision of the library; `mpath drivers NAME` lists those of a driver.',
    exit: 2,
  },
  'LMP-906': {
    title: 'an unknown error number, or a finding that nobody lists',
    explain:
      '`mpath explain` takes a number as it was printed, or the id of a finding on the list of a driver of the ' +
      'configuration or of the library. What a check found and nobody has listed has no page yet.',
    exit: 2,
  },
  'LMP-907': {
    title: 'a document cannot be written',
    explain:
      'The file named with --json could not be written; the message has the reason of the operating system. It is written ' +
      'beside its place and then put there, so a full disk leaves what was there.',
    exit: 2,
  },
  'LMP-908': {
    title: 'nothing was recorded',
    explain:
      '`verify --recorded` compares with recordings/KERNEL.json beside a driver’s scenarios. There is none of that name. ' +
      'Run `mpath verify --kernel NAME --record` where machines can be booted.',
    exit: 2,
  },
  'LMP-909': {
    title: 'an option does not go with the others, or has a wrong value',
    explain: 'The message says which option, what it takes and with what it cannot be used; `--help` lists them all.',
    exit: 2,
  },
  'LMP-910': {
    title: 'there is no scenario to run',
    explain:
      'The drivers chosen have no scenario files. They stand in the driver’s `scenarios` folder as NAME.scenario.yaml.',
    exit: 2,
  },
  'LMP-911': {
    title: 'the thread that explores the models ended',
    explain: 'The worker thread ended before it answered: it ran out of memory, or this is a fault of ours.',
    exit: 70,
  },
  'LMP-912': {
    title: 'there is no replay token in it',
    explain:
      '`mpath replay` takes a token as a finding prints it, or a file that holds one: what `mpath check` printed, its ' +
      'document, or a mail.',
    exit: 2,
  },
  'LMP-913': {
    title: 'there is no folder of known findings',
    explain:
      '`mpath check` compares what it finds with the `findings` folder of the driver, or with that of --known DIR: ' +
      'findings.json, and a page ID.md for each entry. An empty folder lists nothing.',
    exit: 2,
  },
  'LMP-914': {
    title: 'no scenario shows the finding',
    explain:
      '`mpath repair` takes the id of a finding that a check shows, or a replay token. The scenarios were explored ' +
      'again within the bound, and none shows it: name the revision on which it was found, raise --steps, or give the ' +
      'token.',
    exit: 2,
  },
  'LMP-915': {
    title: 'a list of expected failures is not understood',
    explain:
      '`mpath verify --expect FILE` reads YAML or JSON: `schema: mpath.expect/1` and a list `expected`, each entry with ' +
      'kernel (a name or a release), scenario, verdict (diverge, too-loose, kernel-fault or error), reason and until ' +
      '(YYYY-MM-DD, the last day on which it excuses). A kernel and scenario have one entry.',
    exit: 2,
  },
  'LMP-916': {
    title: 'an artifact cannot be written',
    explain:
      'The folder named with --artifacts could not be made or written to; the message has the reason of the operating system.',
    exit: 2,
  },
  'LMP-917': {
    title: 'the kernel has no libmultipath',
    explain:
      '`mpath verify --revision R` compares a kernel that has the library with revision R of it; the kernel is known by ' +
      'its symbols. A kernel without the library is compared with the model of its own release: leave --revision out.',
    exit: 2,
    unsupported: true,
  },
  'LMP-930': {
    title: 'the checks of a driver’s contract did not end',
    explain:
      'Beside its scenarios, a driver on the library is held to the contract: callbacks, removal protocol, references, ' +
      'with one thing done at a time (docs/write-a-driver.md lists the rules). A callback that loops without taking a ' +
      'step never comes back; the message says on which model.',
    exit: 2,
  },
  'LMP-931': {
    title: 'two drivers of one name',
    explain:
      'A scenario names its driver, so names are unique. Drivers come from mpath.config.ts and from packages with the ' +
      'keyword `libmultipath-driver`; `mpath drivers` shows where each came from. Rename one, or take one out.',
    exit: 2,
  },
  'LMP-932': {
    title: 'a driver imports what is not installed',
    explain:
      'The configuration or a driver imports a package or a file that is not there. The message has its name: install ' +
      'the package beside the driver, or correct the path (an import of a TypeScript file ends in .js).',
    exit: 2,
  },
  'LMP-933': {
    title: 'something stands there already',
    explain:
      '`mpath new` writes into a folder that does not exist or is empty, and never over a file. Give another --dir or name.',
    exit: 2,
  },
  'LMP-934': {
    title: 'a name that cannot be used',
    explain:
      'Names of drivers and scenarios are lower case: a letter, then letters, digits and single dashes, 40 characters at most.',
    exit: 2,
  },
  'LMP-935': {
    title: 'a driver package without a driver',
    explain:
      'A package with the keyword `libmultipath-driver` exports its drivers: values made by defineDriver() or ' +
      'defineLibraryDriver(). Error catalogues among its exports are found, too.',
    exit: 2,
  },
  'LMP-936': {
    title: 'a driver did not come back while it was loaded',
    explain:
      'The configuration and its drivers are loaded in seconds. One of them loops, or awaits what never comes, at its ' +
      'top level.',
    exit: 2,
  },
  'LMP-918': {
    title: 'a driver takes no part in the standard battery',
    explain:
      'The shapes of the battery run on a driver through its battery port: how a topology of n paths is set up, and ' +
      'verbs such as adding and removing a path. The driver named has no field `battery`.',
    exit: 2,
  },
  'LMP-919': {
    title: 'what is printed cannot be written',
    explain:
      'Standard output or standard error goes to a file or device that takes no more: the disk is full, or it failed. The ' +
      'message has the reason of the operating system. A reader that ends early (`mpath … | head`) is no error.',
    exit: 2,
  },
  'LMP-920': {
    title: 'a report cannot be written',
    explain:
      'The file named with --html, --junit or --ktap could not be written; the message has the reason of the operating ' +
      'system. A report is written beside its file and then put in its place, so a full disk leaves what was there.',
    exit: 2,
  },
  'LMP-950': {
    title: 'Node is too old',
    explain: 'Node 20.19 or newer is needed. The launcher says which one runs it.',
    exit: 2,
  },
  'LMP-951': {
    title: 'the packages could not be installed',
    explain: '`npm ci` failed on package-lock.json. The first run needs npm and its registry; later runs need neither.',
    exit: 2,
  },
  'LMP-952': {
    title: 'the sources do not build',
    explain: '`tsc -b` failed; its output stands above the message.',
    exit: 2,
  },
  'LMP-953': {
    title: 'Debian packages are missing',
    explain:
      'QEMU or another program is missing and cannot be installed from here. The message has the one command that does.',
    exit: 2,
  },
  'LMP-954': {
    title: 'Debian packages could not be installed',
    explain: 'apt-get ran and did not bring what is needed. Its last lines stand above the message.',
    exit: 2,
  },
  'LMP-955': {
    title: 'another setup of this copy is under way',
    explain: 'Two commands set the same checkout up at once, and the other did not end in time.',
    exit: 2,
  },
  'LMP-956': {
    title: 'an argument that the launcher does not take',
    explain: 'The message says what it takes.',
    exit: 2,
  },
});

/** Numbered errors of the command and of its launcher. */
export const cliErrors = errors.catalogue;
