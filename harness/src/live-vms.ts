// SPDX-License-Identifier: GPL-2.0-only

/** What the registry needs of a machine, from the moment its run directory exists. */
export interface LiveVm {
  /** Ends QEMU at once and removes the run directory. */
  end(): Promise<void>;
  /** The same where nothing can be awaited: SIGKILL, and removal. */
  endSync(): void;
}

const live = new Set<LiveVm>();

const endAllSync = (): void => {
  for (const vm of live) vm.endSync();
};

/** Enters a machine; the returned function takes it out. */
export const enterVm = (vm: LiveVm): (() => void) => {
  if (live.size === 0) process.once('exit', endAllSync);
  live.add(vm);
  return () => {
    live.delete(vm);
    if (live.size === 0) process.off('exit', endAllSync);
  };
};

export const liveVmCount = (): number => live.size;

/** Ends every machine of this process, running or booting. Their calls reject with LMP-740. */
export const endAllVms = async (): Promise<void> => {
  await Promise.allSettled([...live].map((vm) => vm.end()));
};
