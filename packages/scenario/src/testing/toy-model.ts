// SPDX-License-Identifier: GPL-2.0-only
import type { Json, ModelProfile } from '@libmultipath/contract';
import { currentMachine, KObject, makeStep, singleNode, type Steps } from '@libmultipath/kernel';

export interface ToyTopology {
  readonly buttons: readonly string[];
}

class toy_panel extends KObject {
  total = 0;
  last: string | null = null;
  seconds = 0;
  log: readonly string[] = [];
  readonly pressed: Record<string, number> = {};
}

/** Every access is marked: two presses race, and that is no data race. */
const ONCE = { ordering: 'once' } as const;

/** A panel with buttons, pressed without a lock: two presses at once race. */
export class ToyWorld {
  private readonly panel = new toy_panel();
  private readonly ended = new Set<string>();
  private tasks = 0;

  constructor(private readonly remembersLast: boolean) {
    currentMachine().globals.set('panel', this.panel);
  }

  press(buttons: readonly string[], name?: string): void {
    for (const button of buttons) {
      const label = name ?? `${button}${String(++this.tasks)}`;
      const panel = this.panel;
      const { ended, remembersLast } = this;
      currentMachine().spawn(`press-${label}`, function* (): Steps<void> {
        yield makeStep('load', panel, 'total', 'read', ONCE);
        const seen = panel.total;
        yield makeStep('store', panel, 'total', 'write', ONCE);
        panel.total = seen + 1;
        if (remembersLast) panel.last = button;
        panel.pressed[button] = (panel.pressed[button] ?? 0) + 1;
        ended.add(label);
      });
    }
  }

  *awaitPress(name: string): Steps<void> {
    yield makeStep('wait', this.panel, 'total', 'read', { ...ONCE, enabled: () => this.ended.has(name) });
  }

  arm(seconds: number): void {
    this.panel.seconds = seconds;
    const { panel } = this;
    const expire = function* (): Steps<void> {
      yield makeStep('expire', panel, 'log', 'write', ONCE);
      panel.log = [...panel.log, 'expired'];
    };
    currentMachine().spawn(`timer-${String(++this.tasks)}`, expire, { kind: 'timer', service: true });
  }

  *comeBack(): Steps<void> {
    yield makeStep('return', this.panel, 'log', 'write', ONCE);
    this.panel.log = [...this.panel.log, 'returned'];
  }

  *awaitExpiry(): Steps<void> {
    yield makeStep('wait', this.panel, 'log', 'read', { ...ONCE, enabled: () => this.panel.log.includes('expired') });
  }

  *crash(): Steps<void> {
    yield makeStep('load', this.panel, 'total', 'read', ONCE);
    currentMachine().oops('null-dereference', 'BUG: kernel NULL pointer dereference in toy_panel', this.panel);
  }

  *hang(): Steps<void> {
    yield makeStep('wait', this.panel, 'total', 'read', { ...ONCE, enabled: () => false });
  }

  *look(field: 'total' | 'last' | 'seconds' | 'log'): Steps<Json> {
    yield makeStep('load', this.panel, field, 'read', ONCE);
    return this.panel[field];
  }

  *pressesOf(button: string): Steps<Json> {
    yield makeStep('load', this.panel, 'total', 'read', ONCE);
    return this.panel.pressed[button] ?? 0;
  }
}

export const toyProfile = (name: string, remembersLast: boolean): ModelProfile<ToyTopology, ToyWorld> => ({
  name,
  title: `Toy ${name}`,
  kind: 'mainline',
  features: new Set(remembersLast ? ['memory'] : []),
  numa: () => singleNode,
  makeWorld: () => new ToyWorld(remembersLast),
});
