// SPDX-License-Identifier: GPL-2.0-only
import { Dialog } from '../dialog.js';
import { keyTable } from './keys.js';

interface HelpDialogProps {
  readonly open: boolean;
  readonly close: () => void;
}

export const HelpDialog = ({ open, close }: HelpDialogProps) => (
  <Dialog open={open} close={close} title="Keys" kind="small">
    <dl class="keys">
      {keyTable.map(({ command, shown, does }) => (
        <div key={command}>
          <dt>
            {shown.split(' ').length > 1 && !shown.startsWith('Page') ? (
              shown.split(' ').map((key) => <kbd key={key}>{key}</kbd>)
            ) : (
              <kbd>{shown}</kbd>
            )}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <p class="hint">
      A line is a step, indivisible; its column is its task. An arrow leads from a step to one of another task that has
      to come after it, over the field that both touch.
    </p>
  </Dialog>
);
