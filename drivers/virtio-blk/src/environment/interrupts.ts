// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine, makeStep, REQ_OP_MASK, REQ_OP_WRITE, type Steps } from '@libmultipath/driver-kit';
import { DataPage, SECTORS_PER_BLOCK } from './media.js';
import { virtblk_done } from './queue-rq.js';
import { VIRTIO_BLK_S_IOERR, VIRTIO_BLK_S_OK } from './status.js';
import type { virtblk_req } from './virtblk-req.js';
import type { virtio_device } from './virtio-device.js';

/** Moves the data of one request. */
function* transfer({ media }: virtio_device, { bio: what }: virtblk_req): Steps<void> {
  const page = what.bi_io_vec;
  if (!(page instanceof DataPage)) return;
  const block = what.bi_sector / SECTORS_PER_BLOCK;
  const isWrite = (what.bi_opf & REQ_OP_MASK) === REQ_OP_WRITE;
  const step = makeStep('dma', media, `blocks[${String(block)}]`, isWrite ? 'write' : 'read', { ordering: 'full' });
  yield step;
  if (isWrite) media.blocks.set(block, page.text);
  else page.text = media.blocks.get(block) ?? '';
  step.value = page.text;
}

/**
 * Does requests in the order of arrival and raises the interrupt of each. (A device may complete in any
 * order; the streams of a scenario have one request in flight.)
 */
function* serve(vdev: virtio_device): Steps<void> {
  const task = current();
  const enabled = (): boolean => vdev.vq.length > 0;
  for (;;) {
    yield makeStep('virtqueue_get_buf', vdev, 'vq', 'update', { ordering: 'full', rest: [], enabled });
    const vbr = vdev.vq.shift();
    if (vbr === undefined) continue;
    task.busy = true;
    task.atomicDepth = 1;
    const isBad = vdev.config.badSectors.includes(vbr.bio.bi_sector);
    vbr.status = vdev.nextStatus.shift() ?? (isBad ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK);
    if (vbr.status === VIRTIO_BLK_S_OK) yield* transfer(vdev, vbr);
    yield* virtblk_done(vbr);
    task.atomicDepth = 0;
    task.busy = false;
  }
}

/** Switches the device on; its interrupts are a task of their own. Called while the machine is made. */
export const powerOn = (vdev: virtio_device): void => {
  const name = `irq/virtio-${vdev.config.label}`;
  currentMachine().spawn(name, () => serve(vdev), { kind: 'irq', service: true, subject: vdev });
};
