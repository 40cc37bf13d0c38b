// SPDX-License-Identifier: GPL-2.0-only

/** Beginnings of the texts that are compared: what heads, paths and controllers say that the model has. */
const TEXTS: readonly string[] = [
  'no usable path - requeuing I/O',
  'no available path - failing I/O',
  'I/O Cmd(',
  'rescanning namespaces.',
  'Removing ctrl: NQN',
  'ANATT timeout, resetting controller.',
  'failfast expired',
  'Failed to get ANA log',
  'Disabling device after reset failure',
  'Found shared namespace',
  'Duplicate unshared namespace',
  'IDs don',
];

/**
 * The text of a line of the kernel's log, undefined for lines about something else. Names of devices change from
 * boot to boot, and so do the name of the subsystem and the place of a transfer: they become words.
 */
export const messageText = (line: string): string | undefined => {
  if (!TEXTS.some((text) => line.includes(text))) return undefined;
  return line
    .replace(/^\[[^\]]*\]\s*/, '')
    .replaceAll(/nvme\d+c\d+n\d+/g, '<path>')
    .replaceAll(/nvme\d+n\d+/g, '<head>')
    .replaceAll(/nvme\d+/g, '<controller>')
    .replace(/NQN "[^"]*"/, 'NQN "<NQN>"')
    .replace(/@ LBA \d+/, '@ LBA <n>')
    .trim();
};

/** Each once, sorted. Pure. */
export const messageTexts = (lines: readonly string[]): readonly string[] =>
  [...new Set(lines.flatMap((line) => messageText(line) ?? []))].sort();
