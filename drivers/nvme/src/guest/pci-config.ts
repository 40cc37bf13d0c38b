// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';

/* Names and numbers of the PCI specifications, as include/uapi/linux/pci_regs.h has them. */
const PCI_COMMAND = 0x04;
const PCI_COMMAND_MEMORY = 0x2;
const PCI_COMMAND_MASTER = 0x4;
const PCI_SECONDARY_BUS = 0x19;

const byteOf = (config: string, at: number): number => config.charCodeAt(at);
const wordOf = (config: string, at: number): number => byteOf(config, at) + byteOf(config, at + 1) * 256;

const writeWord = async (port: GuestPort, path: string, offsetBytes: number, value: number): Promise<void> => {
  const data = String.fromCharCode(value % 256, Math.floor(value / 256));
  await port.call('file.write', { path, data, offsetBytes });
};

/** The function may not write to memory or read it from here on; its registers answer. */
export const stopBusMaster = async (port: GuestPort, dir: string): Promise<void> => {
  const path = `${dir}/config`;
  const { data } = await port.call('file.read', { path });
  await writeWord(port, path, PCI_COMMAND, wordOf(data, PCI_COMMAND) & ~PCI_COMMAND_MASTER);
};

/**
 * Nothing reaches the function through the port above it any more, neither its registers nor its configuration, as if
 * its link were down.
 * @returns puts the link back
 */
export const cutLink = async (port: GuestPort, dir: string): Promise<() => Promise<void>> => {
  const { target } = await port.call('link.read', { path: dir, resolve: true });
  const path = `${target.slice(0, target.lastIndexOf('/'))}/config`;
  const { data } = await port.call('file.read', { path });
  const command = wordOf(data, PCI_COMMAND);
  await writeWord(port, path, PCI_COMMAND, command & ~(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
  // Its secondary bus, and the last one behind it: a configuration cycle for them goes nowhere.
  await writeWord(port, path, PCI_SECONDARY_BUS, 0);
  return async () => {
    await writeWord(port, path, PCI_SECONDARY_BUS, wordOf(data, PCI_SECONDARY_BUS));
    await writeWord(port, path, PCI_COMMAND, command);
  };
};
