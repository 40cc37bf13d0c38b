// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { recordsOf } from '../testing/trace-text.js';
import { policyMessages } from './policy-message.js';

it('takes the changes of policy out of all that the kernel says', () => {
  const lines = [
    { event: 'console', payload: 'nvme nvme0: 2/0/0 default/read/poll queues' },
    { event: 'console', payload: 'subsysnqn nqn.x:y iopolicy changed from numa to round-robin' },
    { event: 'tracing_mark_write', payload: 'subsysnqn a iopolicy changed from x to y' },
    { event: 'console', payload: 'subsysnqn nqn.x:y iopolicy changed from round-robin to queue-depth' },
  ];
  expect(policyMessages(recordsOf(lines))).toEqual([
    'iopolicy changed from numa to round-robin',
    'iopolicy changed from round-robin to queue-depth',
  ]);
});
