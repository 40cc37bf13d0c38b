// SPDX-License-Identifier: GPL-2.0-only
import type { RefObject } from 'preact';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

const OVERSCAN = 8;

/** The rows that are near the screen; only they are in the document. */
export interface VisibleRows {
  /** Of the first and after the last row. */
  readonly from: number;
  readonly to: number;
  readonly show: (row: number, align?: 'auto' | 'center') => void;
  /** Rows that fit the screen. */
  readonly fitting: number;
}

export const useRows = (
  ref: RefObject<HTMLDivElement | null>,
  heightOf: (row: number) => number,
  count: number,
): VisibleRows => {
  const [, again] = useReducer((n: number) => n + 1, 0);
  const kept = useRef<Virtualizer<HTMLDivElement, Element> | undefined>(undefined);
  const options = {
    count,
    getScrollElement: () => ref.current,
    estimateSize: heightOf,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: OVERSCAN,
    onChange: () => again(0),
  };
  const rows = (kept.current ??= new Virtualizer<HTMLDivElement, Element>(options));
  rows.setOptions(options);
  useLayoutEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  useLayoutEffect(() => rows.measure(), [rows, heightOf, count]);
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  return {
    from: first,
    to: (items.at(-1)?.index ?? first - 1) + 1,
    show: (row, align = 'auto') => rows.scrollToIndex(row, { align }),
    fitting: Math.max(1, items.length - 2 * OVERSCAN - 1),
  };
};
