// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLmpError } from '@libmultipath/errors';
import { bootVm } from './boot-vm.js';
import type { AcceleratorName } from './lower-spec.js';
import { qemuVersion } from './qemu-binary.js';
import type { BootImage, BootKernel } from './vm.js';

export interface Accelerator {
  readonly name: AcceleratorName;
  /** One clause for people: why this one. */
  readonly why: string;
}

export interface AcceleratorOptions {
  readonly kernel: BootKernel & { readonly contentKey: string };
  readonly image: BootImage & { readonly contentKey: string };
  /** Where the answer is kept for this boot of the host. */
  readonly cacheDir: string;
  readonly qemuPath?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
  /** The device to look for; tests point it elsewhere. */
  readonly kvmDevice?: string;
  /** How long KVM may take to the first byte on the console, and to the agent's answer. */
  readonly firstOutputMs?: number;
  readonly readyMs?: number;
}

const FIRST_OUTPUT_MS = 5_000;
const READY_MS = 20_000;

/** The kernel speaks before its console driver is up, so that silence means no progress at all. */
const EARLY_CONSOLE = ['earlyprintk=ttyS0,115200', 'loglevel=7'];

const isAccelerator = (value: unknown): value is Accelerator =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  (value.name === 'kvm' || value.name === 'tcg') &&
  'why' in value &&
  typeof value.why === 'string';

const bootId = (): Promise<string> => readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => 'unknown');

const remembered = async (path: string): Promise<Accelerator | undefined> => {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isAccelerator(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Losing the answer costs one probe; an unwritable cache is reported by those who need it. */
const remember = async (directory: string, path: string, answer: Accelerator): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify(answer)}\n`);
    await rename(draft, path);
  } catch {
    // see above
  }
};

/**
 * Boots the kernel under KVM. Opening the device, even making a VM, succeeds on hosts
 * where no ordinary kernel runs: there QEMU aborts, dumps registers and hangs, or is
 * silent for ever. A failed fetch or image is no answer about KVM and passes through.
 */
const probeKvm = async (options: AcceleratorOptions): Promise<Accelerator> => {
  try {
    const vm = await bootVm({
      kernel: options.kernel,
      image: options.image,
      spec: {
        nodes: [{ cpus: 1, memoryMiB: 512 }],
        ports: [],
        blocks: [],
        devices: [],
        modules: [],
        kernelArgs: EARLY_CONSOLE,
      },
      accelerator: 'kvm',
      timeouts: {
        firstOutputMs: options.firstOutputMs ?? FIRST_OUTPUT_MS,
        bootMs: options.readyMs ?? READY_MS,
        qmpMs: options.firstOutputMs ?? FIRST_OUTPUT_MS,
        termMs: 1_000,
      },
      ...(options.qemuPath === undefined ? {} : { qemuPath: options.qemuPath }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    await vm.close({ fast: true });
    return { name: 'kvm', why: `a probe boot under KVM was ready after ${vm.banner.bootSeconds.toFixed(1)} s` };
  } catch (error) {
    const says = ['LMP-702', 'LMP-703', 'LMP-704', 'LMP-710', 'LMP-711', 'LMP-714', 'LMP-715', 'LMP-720'];
    if (!isLmpError(error) || !says.includes(error.code)) throw error;
    return { name: 'tcg', why: `a probe boot under KVM failed: ${error.message.split('\n')[0] ?? error.code}` };
  }
};

/**
 * KVM where a kernel really boots under it, TCG otherwise. The answer is kept in
 * `cacheDir/accelerator` for this boot of the host, this QEMU, kernel and image.
 * @throws LMP-701 no QEMU, LMP-705 no kernel, LMP-707 to LMP-709 run directory, LMP-740 aborted
 */
export const chooseAccelerator = async (options: AcceleratorOptions): Promise<Accelerator> => {
  const device = options.kvmDevice ?? '/dev/kvm';
  const usable = await access(device, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return { name: 'tcg', why: `${device} is not there or may not be opened` };
  const qemu = await qemuVersion(options.qemuPath);
  const identity = [await bootId(), qemu, device, options.kernel.contentKey, options.image.contentKey].join('\n');
  const directory = join(options.cacheDir, 'accelerator');
  const path = join(directory, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.json`);
  const known = await remembered(path);
  if (known !== undefined) return known;
  options.progress?.('probing KVM with a boot');
  const answer = await probeKvm(options);
  await remember(directory, path, answer);
  return answer;
};
