// SPDX-License-Identifier: GPL-2.0-only

/** What a host adapter and its driver say of themselves, and what its disks do about caches. */
export interface Adapter {
  /** Name of the driver. Kernel: scsi_host_template.proc_name */
  readonly procName: string;
  readonly canQueue: number;
  readonly cmdPerLun: number;
  /** Depth that the driver gives for one that is asked for. Kernel: change_queue_depth(). Pure. */
  readonly depthFor: (asked: number) => number;
  /** Page of mode parameters: caching with FUA or without any. */
  readonly cacheType: 'write back' | 'write through';
  readonly hasFua: boolean;
  /** Logical block provisioning: none, or by UNMAP. */
  readonly provisioning: 'full' | 'unmap';
  /** Flags that the driver gives each of its devices. */
  readonly blacklist: '' | 'TRY_VPD_PAGES';
}

/** virtio_scsi in front of QEMU's disks. */
export const virtioAdapter: Adapter = {
  procName: 'virtio_scsi',
  canQueue: 256,
  cmdPerLun: 128,
  depthFor: (asked) => Math.min(asked, 128),
  cacheType: 'write back',
  hasFua: false,
  provisioning: 'unmap',
  // Set for every device: behind it may be one that is passed through.
  blacklist: 'TRY_VPD_PAGES',
};

export const scsiDebugAdapter: Adapter = {
  procName: 'scsi_debug',
  canQueue: 192,
  cmdPerLun: 192,
  depthFor: (asked) => Math.min(asked, 192),
  cacheType: 'write back',
  hasFua: true,
  provisioning: 'full',
  blacklist: '',
};

/** tcm_loop in front of LIO. */
export const tcmLoopAdapter: Adapter = {
  procName: 'tcm_loopback',
  canQueue: 1_024,
  cmdPerLun: 1_024,
  depthFor: (asked) => asked,
  cacheType: 'write through',
  hasFua: false,
  provisioning: 'full',
  blacklist: '',
};
