// SPDX-License-Identifier: GPL-2.0-only
// A parent to be killed: boots a machine from the options on its command line, prints
// `{"pid":…,"runDir":"…"}`, and waits for its end.
import { bootVm, endAllVms, exitCodeOf, onEndSignals, type BootOptions } from '../src/index.js';

onEndSignals((signal) => process.exit(exitCodeOf(signal)));
// What the test that starts this passes is BootOptions.
const options = JSON.parse(process.argv[2] ?? '{}') as BootOptions;
const vm = await bootVm(options);
// A guest that hangs: it runs no instruction any more.
if (process.env['MPATH_TEST_STOP'] === '1') await vm.qmp.execute('stop');
process.stdout.write(`${JSON.stringify({ pid: vm.pid, runDir: vm.runDir, release: vm.banner.release })}\n`);
// Awaits the death of the machine or ours, whichever comes first; bounded, should neither come.
const timer = setTimeout(() => void endAllVms(), 300_000);
await vm.failure;
clearTimeout(timer);
