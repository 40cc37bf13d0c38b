// SPDX-License-Identifier: GPL-2.0-only
// Boot to ready ÷ bare QEMU: the same kernel, processors and memory, once through the
// harness until its agent answers, once with plain QEMU and an init that only prints.
//
//   npm run bench -- boot [--runs N] [--kernel NAME] [--cache DIR] [--ports N] [--alike]
//
// The bare QEMU has the arguments anyone would give it. With --alike it has the board, the
// processor and the kernel arguments of the harness, so that what is left is the agent and its channel.
import { parseArgs } from 'node:util';
import type { VmSpec } from '@libmultipath/contract';
import { buildBareImage, buildImage, cacheDirOf, resolveKernel, type Kernel } from '@libmultipath/vm-images';
import { execa } from 'execa';
import { ACCELERATION, BASE_KERNEL_ARGS, BOARD } from '../src/lower-spec.js';
import {
  DEFAULT_QEMU,
  bootVm,
  chooseAccelerator,
  endAllVms,
  exitCodeOf,
  onEndSignals,
  type AcceleratorName,
} from '../src/index.js';

const GOAL_RATIO = 1.15;
const BARE_LINE = 'mpath-bare-init ready';
const BARE_TIMEOUT_MS = 180_000;
const BARE_KERNEL_ARGS = ['console=ttyS0', 'quiet', 'panic=-1'];
const CPUS = 2;
const MEMORY_MIB = 512;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '7' },
    kernel: { type: 'string', default: '7.3' },
    cache: { type: 'string', default: cacheDirOf(process.env) },
    ports: { type: 'string', default: '0' },
    alike: { type: 'boolean', default: false },
  },
});

const count = (name: 'runs' | 'ports', least: number): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= 100) return value;
  process.stderr.write(`--${name}: expected a whole number from ${least} to 100, found ${values[name]}\n`);
  return process.exit(2);
};

const runs = count('runs', 1);
const portCount = count('ports', 0);

/** Seconds from the start of QEMU to the init's line. */
const bootBare = async (kernel: Kernel, imagePath: string, accelerator: AcceleratorName): Promise<number> => {
  const startedMs = performance.now();
  const plainAcceleration = accelerator === 'kvm' ? ACCELERATION.kvm : ['-accel', 'tcg,thread=single', '-cpu', 'max'];
  const qemu = execa(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', '--', DEFAULT_QEMU, '-nodefaults', '-no-reboot', '-display', 'none'],
      ...['-machine', values.alike ? BOARD : 'q35'],
      ...(values.alike ? ACCELERATION[accelerator] : plainAcceleration),
      ...['-smp', `${CPUS}`, '-m', `${MEMORY_MIB}M`, '-kernel', kernel.vmlinuzPath, '-initrd', imagePath],
      ...['-append', (values.alike ? BASE_KERNEL_ARGS : BARE_KERNEL_ARGS).join(' '), '-serial', 'stdio'],
    ],
    { reject: false, stdin: 'ignore', buffer: false, timeout: BARE_TIMEOUT_MS, detached: true },
  );
  let seen = '';
  let readyMs = 0;
  qemu.stdout.on('data', (chunk: Buffer) => {
    if (readyMs > 0) return;
    seen += chunk.toString('latin1');
    if (seen.includes(BARE_LINE)) readyMs = performance.now();
  });
  await qemu;
  if (readyMs === 0) throw new Error(`bare QEMU did not print "${BARE_LINE}"; its console: ${seen.slice(-600)}`);
  return (readyMs - startedMs) / 1000;
};

const median = (of: readonly number[]): number => {
  const sorted = of.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return ((sorted[middle] ?? 0) + (sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? 0)) / 2;
};

const row = (name: string, of: readonly number[]): string =>
  `${name.padEnd(10)} min ${Math.min(...of).toFixed(2)} s   median ${median(of).toFixed(2)} s   (${of.map((s) => s.toFixed(2)).join(' ')})\n`;

onEndSignals((signal) => process.exit(exitCodeOf(signal)));
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const cacheDir = values.cache;
const kernel = await resolveKernel({ kind: 'name', name: values.kernel }, { cacheDir, progress });
const image = await buildImage({ kernel, modules: [], cacheDir, progress });
const bareImage = await buildBareImage({ cacheDir, progress });
const accelerator = await chooseAccelerator({ kernel, image, cacheDir, progress });
const spec: VmSpec = {
  nodes: [{ cpus: CPUS, memoryMiB: MEMORY_MIB }],
  ports: Array.from({ length: portCount }, (_, index) => ({ id: `rp${index}` })),
  blocks: [],
  devices: [],
  modules: [],
  kernelArgs: [],
};

process.stdout.write(
  `kernel ${kernel.release}, ${accelerator.name} (${accelerator.why}), ${runs} pairs, ${portCount} ports, bare QEMU ${values.alike ? 'with the arguments of the harness' : 'as anyone starts it'}\n`,
);
const harness: number[] = [];
const bare: number[] = [];
try {
  for (let run = 0; run < runs; run++) {
    const vm = await bootVm({ kernel, image, spec, accelerator: accelerator.name });
    harness.push(vm.banner.bootSeconds);
    await vm.close();
    bare.push(await bootBare(kernel, bareImage.path, accelerator.name));
    progress(`pair ${run + 1}: harness ${harness.at(-1)?.toFixed(2)} s, bare ${bare.at(-1)?.toFixed(2)} s`);
  }
} finally {
  await endAllVms();
}
const ratio = median(harness) / median(bare);
process.stdout.write(row('harness', harness) + row('bare QEMU', bare));
process.stdout.write(
  `ratio of medians ${ratio.toFixed(3)}, goal ≤ ${GOAL_RATIO}: ${ratio <= GOAL_RATIO ? 'met' : 'not met'}\n`,
);
