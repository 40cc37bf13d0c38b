// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { recordsOf } from '../testing/trace-text.js';
import { policyMessages } from './policy-message.js';

it('takes the changes of policy out of all that the kernel says, each in its form, without the name of a subsystem', () => {
  const lines = [
    { event: 'console', payload: 'nvme nvme0: 2/0/0 default/read/poll queues' },
    { event: 'console', payload: 'subsysnqn nqn.x:y iopolicy changed from numa to round-robin' },
    { event: 'tracing_mark_write', payload: 'subsysnqn a iopolicy changed from x to y' },
    { event: 'console', payload: 'subsysnqn nqn.x:y iopolicy changed from round-robin to queue-depth' },
    { event: 'console', payload: 'iopolicy changed from queue-depth to numa' },
    { event: 'console', payload: 'libmultipath: iopolicy changed from numa to round-robin' },
  ];
  expect(policyMessages(recordsOf(lines))).toEqual([
    'subsysnqn <NQN> iopolicy changed from numa to round-robin',
    'subsysnqn <NQN> iopolicy changed from round-robin to queue-depth',
    'iopolicy changed from queue-depth to numa',
    'iopolicy changed from numa to round-robin',
  ]);
});
