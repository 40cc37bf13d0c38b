// SPDX-License-Identifier: GPL-2.0-only
import type { VmBlock, VmDevice, VmSpec } from '@libmultipath/contract';
import { fail } from './errors.js';

const ID = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;
/** Slots of one PCI Express bus that the machine leaves free. */
export const PORTS_PER_BUS_MAX = 24;

/** A comma ends a value, unless doubled. */
export const quote = (value: string): string => value.replaceAll(',', ',,');

export const wrongSpec = (where: string, message: string): Error =>
  fail('LMP-730', { message, where: `VmSpec ${where}`, todo: 'correct the topology that the driver lowers to' });

/** One option with properties: `driver,k=v,…`; booleans are `on` and `off`. */
export const option = (head: string, props: Readonly<Record<string, string | number | boolean>>): string =>
  [
    quote(head),
    ...Object.entries(props).map(([key, value]) =>
      typeof value === 'boolean' ? `${key}=${value ? 'on' : 'off'}` : `${key}=${quote(String(value))}`,
    ),
  ].join(',');

const claim = (ids: Set<string>, id: string, where: string): void => {
  if (!ID.test(id)) throw wrongSpec(where, `"${id}" is no id: a letter, then letters, digits, ".", "_", "-"`);
  if (ids.has(id)) throw wrongSpec(where, `the id "${id}" is used twice`);
  ids.add(id);
};

/**
 * Checks ids and references: a `bus` names a port or the id of an earlier device (also
 * a bus of it, `id.0`), a `drive` names a block.
 * @throws LMP-730
 */
export const checkReferences = (spec: VmSpec): void => {
  const ids = new Set<string>();
  const blocks = new Set<string>();
  for (const [index, { id }] of spec.ports.entries()) claim(ids, id, `ports[${index}]`);
  for (const [index, { id, sizeBytes, of }] of spec.blocks.entries()) {
    claim(ids, id, `blocks[${index}]`);
    if (of !== undefined && !blocks.has(of)) {
      throw wrongSpec(`blocks[${index}]`, `of=${of} names no earlier block`);
    }
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0 || sizeBytes % 512 !== 0) {
      throw wrongSpec(`blocks[${index}]`, `sizeBytes is ${sizeBytes}, expected a positive multiple of 512`);
    }
    blocks.add(id);
  }
  for (const [index, device] of spec.devices.entries()) checkDevice(device, `devices[${index}]`, ids, blocks);
};

const checkDevice = (device: VmDevice, where: string, ids: Set<string>, blocks: ReadonlySet<string>): void => {
  const { id, bus, drive } = device.props;
  if (drive !== undefined && !blocks.has(String(drive))) {
    throw wrongSpec(where, `drive=${String(drive)} of ${device.driver} names no block`);
  }
  const holder = String(bus).replace(/\.\d+$/, '');
  if (bus !== undefined && (blocks.has(holder) || !(ids.has(String(bus)) || ids.has(holder)))) {
    throw wrongSpec(where, `bus=${String(bus)} of ${device.driver} names neither a port nor an earlier device`);
  }
  if (id !== undefined) claim(ids, String(id), where);
};

// The file goes with the machine, so no flush of the guest need reach the disk. The
// guest still sees a volatile write cache, and its O_DIRECT is about its own cache.
const BACKEND = { cache: 'unsafe', discard: 'unmap' } as const;

/** A block of its own; one that shares a file, which QEMU's lock would forbid; one with a sector that fails. */
const lowerBlock = ({ id, of, failingSector }: VmBlock, shared: boolean, file: string): string => {
  if (failingSector !== undefined) {
    return option('driver=blkdebug', {
      'image.driver': 'file',
      'image.filename': file,
      'image.locking': 'off',
      // The rule is active from the beginning and stays.
      'inject-error.0.event': 'none',
      'inject-error.0.sector': failingSector,
      if: 'none',
      id,
      ...BACKEND,
    });
  }
  const locking = shared || of !== undefined ? { 'file.locking': 'off' } : {};
  return option(`file=${file}`, { format: 'raw', if: 'none', id, ...locking, ...BACKEND });
};

/** `-drive` of each block and `-device` of each device, in order. */
export const lowerDevices = (spec: VmSpec, files: ReadonlyMap<string, string>): string[] => [
  ...spec.blocks.flatMap((block) => {
    const shared = spec.blocks.some(({ of }) => of === block.id);
    return ['-drive', lowerBlock(block, shared, files.get(block.of ?? block.id) ?? '')];
  }),
  ...spec.devices.flatMap(({ driver, props }) => ['-device', option(driver, props)]),
];
