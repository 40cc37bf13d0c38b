// SPDX-License-Identifier: GPL-2.0-only
import type { VmSpec } from '@libmultipath/contract';
import { bootVm, chooseAccelerator, type Accelerator } from '@libmultipath/harness';
import { buildImage, resolveKernel, type Kernel } from '@libmultipath/vm-images';
import type { MachineLog } from './artifacts.js';
import { bootAgain } from './boot-again.js';
import type { Laboratory, LabMachine } from './laboratory.js';

export interface RealLaboratoryOptions {
  readonly cacheDir: string;
  /** Leaves run directories for a look afterwards. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** A line that stays. */
  readonly note: (text: string) => void;
}

/** Kernels of vm-images on machines of the harness. */
export const realLaboratory = (options: RealLaboratoryOptions): Laboratory => {
  const { cacheDir, progress, signal, keep, note } = options;
  const accelerators = new Map<string, Promise<Accelerator>>();

  const boot = async (kernel: Kernel, spec: VmSpec, log?: MachineLog): Promise<LabMachine> => {
    const image = await buildImage({ kernel, modules: spec.modules, cacheDir, progress });
    const known = accelerators.get(kernel.contentKey);
    const choosing = known ?? chooseAccelerator({ kernel, image, cacheDir, signal, progress });
    accelerators.set(kernel.contentKey, choosing);
    const { name: accelerator } = await choosing;
    progress(`booting ${kernel.release} (${accelerator})`);
    const listener = log === undefined ? {} : { onConsole: log.onConsole };
    const { vm, before } = await bootAgain(accelerator, note, () =>
      bootVm({ kernel, image, spec, accelerator, keep, signal, ...listener }),
    );
    return {
      before,
      port: log?.listening(vm.port) ?? vm.port,
      banner: vm.banner,
      get failed() {
        return vm.failed;
      },
      close: async () => {
        const told = vm.failed !== undefined;
        const { faults, keptDir } = await vm.close();
        if (keptDir !== undefined) note(`kept: ${keptDir}`);
        const unseen = told ? [] : faults.filter(({ expected }) => !expected);
        return { faults: unseen.map(({ headline, lines }) => [headline, ...lines].join('\n')) };
      },
    };
  };
  return { kernel: (request) => resolveKernel(request, { cacheDir, progress }), boot };
};
