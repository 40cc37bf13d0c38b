// SPDX-License-Identifier: GPL-2.0-only
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly open: boolean;
  readonly close: () => void;
  readonly title: string;
  readonly kind: 'small' | 'drawer';
  readonly children?: ComponentChildren;
}

/** Over the page, which keeps its place below; the browser keeps the focus in it and gives it back. */
export const Dialog = ({ open, close, title, kind, children }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      class={`dialog ${kind}`}
      aria-label={title}
      onClose={close}
      onClick={(event) => {
        if (event.target === element.current) close();
      }}
    >
      {open ? (
        <div class="dialog-inside">
          <div class="dialog-head">
            <h2>{title}</h2>
            <button type="button" class="button quiet icon" aria-label="Close" onClick={close}>
              ✕
            </button>
          </div>
          <div class="dialog-body scrolls" tabIndex={0} role="region" aria-label={title}>
            {children}
          </div>
        </div>
      ) : null}
    </dialog>
  );
};
