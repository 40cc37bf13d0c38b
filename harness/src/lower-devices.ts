// SPDX-License-Identifier: GPL-2.0-only
import type { VmBlock, VmDevice, VmSpec } from '@libmultipath/contract';
import { fail } from './errors.js';

const ID = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;
/** Slots of one PCI Express bus that the machine leaves free. */
export const PORTS_PER_BUS_MAX = 24;
/** QEMU's limit for the name of a node of its block layer. */
const NODE_NAME_MAX = 31;

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
  for (const [index, { id, sizeBytes, of, requestsPerSecond }] of spec.blocks.entries()) {
    claim(ids, id, `blocks[${index}]`);
    if (of !== undefined && !blocks.has(of)) {
      throw wrongSpec(`blocks[${index}]`, `of=${of} names no earlier block`);
    }
    if (id.length > NODE_NAME_MAX) {
      throw wrongSpec(`blocks[${index}]`, `"${id}" has more than ${NODE_NAME_MAX} characters`);
    }
    if (requestsPerSecond !== undefined && !(Number.isSafeInteger(requestsPerSecond) && requestsPerSecond > 0)) {
      throw wrongSpec(`blocks[${index}]`, `requestsPerSecond is ${requestsPerSecond}, expected 1 or more`);
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
const BACKEND = { 'cache.no-flush': true, discard: 'unmap' } as const;

type Props = Readonly<Record<string, string | number | boolean>>;

/** The file, read as it is; several blocks may share it, which QEMU's lock would forbid. */
const fileProps = (file: string, shared: boolean): Props => ({
  driver: 'file',
  filename: file,
  ...(shared ? { locking: false } : {}),
});

const below = (name: string, props: Props): Props =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [`${name}.${key}`, value]));

/** One sector fails. The rule is active from the beginning and stays. */
const failing = (sector: number, file: Props): Props => ({
  driver: 'blkdebug',
  ...below('image', file),
  'inject-error.0.event': 'none',
  'inject-error.0.sector': sector,
});

const throttleGroup = (id: string): string => `lmp.slow.${id}`;

/**
 * A node that outlives its device, so that one which was unplugged can come back to it. From the outside in: what
 * makes it slow, what makes it fail, the file.
 */
const lowerBlock = ({ id, of, failingSector, requestsPerSecond }: VmBlock, shared: boolean, path: string): string[] => {
  const file = fileProps(path, shared || of !== undefined);
  const node = failingSector === undefined ? { driver: 'raw', ...below('file', file) } : failing(failingSector, file);
  if (requestsPerSecond === undefined) {
    const { driver, ...rest } = node;
    return ['-blockdev', option(`driver=${String(driver)}`, { 'node-name': id, ...rest, ...BACKEND })];
  }
  const group = throttleGroup(id);
  return [
    ...['-object', option('throttle-group', { id: group, 'x-iops-total': requestsPerSecond })],
    ...[
      '-blockdev',
      option('driver=throttle', { 'node-name': id, 'throttle-group': group, ...below('file', node), ...BACKEND }),
    ],
  ];
};

/** `-blockdev` of each block and `-device` of each device, in order. */
export const lowerDevices = (spec: VmSpec, files: ReadonlyMap<string, string>): string[] => [
  ...spec.blocks.flatMap((block) => {
    const shared = spec.blocks.some(({ of }) => of === block.id);
    return lowerBlock(block, shared, files.get(block.of ?? block.id) ?? '');
  }),
  ...spec.devices.flatMap(({ driver, props }) => ['-device', option(driver, props)]),
];
