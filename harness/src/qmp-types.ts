// SPDX-License-Identifier: GPL-2.0-only

type None = Record<string, never>;

export interface QmpVersion {
  readonly qemu: { readonly major: number; readonly minor: number; readonly micro: number };
  readonly package: string;
}

export interface QmpPciDevice {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  /** The `id` of `-device`, or empty. */
  readonly qdev_id: string;
  readonly id: { readonly device: number; readonly vendor: number };
  readonly class_info: { readonly class: number; readonly desc?: string };
  readonly pci_bridge?: { readonly devices?: readonly QmpPciDevice[] };
}

/** The commands the harness knows, by QMP name. */
export interface QmpCommands {
  qmp_capabilities: { args: None; result: None };
  'query-version': { args: None; result: QmpVersion };
  'query-status': { args: None; result: { status: string; running: boolean } };
  'query-kvm': { args: None; result: { enabled: boolean; present: boolean } };
  'query-pci': { args: None; result: readonly { bus: number; devices: readonly QmpPciDevice[] }[] };
  stop: { args: None; result: None };
  cont: { args: None; result: None };
  quit: { args: None; result: None };
  system_powerdown: { args: None; result: None };
  system_reset: { args: None; result: None };
  device_add: {
    args: { driver: string; id: string; bus?: string } & Record<string, string | number | boolean>;
    result: None;
  };
  device_del: { args: { id: string }; result: None };
}

export type QmpCommandName = keyof QmpCommands;

/** The events the harness knows, by QMP name; others are dropped. */
export interface QmpEvents {
  SHUTDOWN: { guest: boolean; reason: string };
  POWERDOWN: None;
  RESET: { guest: boolean; reason: string };
  STOP: None;
  RESUME: None;
  DEVICE_DELETED: { device?: string; path: string };
  DEVICE_UNPLUG_GUEST_ERROR: { device?: string; path: string };
  GUEST_PANICKED: { action: string };
  BLOCK_IO_ERROR: { device: string; operation: string; nospace?: boolean; reason: string };
  VSERPORT_CHANGE: { id: string; open: boolean };
}

export type QmpEventName = keyof QmpEvents;

/** Commands without arguments may leave them out. */
export type QmpArgs<C extends QmpCommandName> = QmpCommands[C]['args'] extends None
  ? [args?: None, options?: { timeoutMs?: number }]
  : [args: QmpCommands[C]['args'], options?: { timeoutMs?: number }];
