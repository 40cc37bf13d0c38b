// SPDX-License-Identifier: GPL-2.0-only
import { createServer, type Server, type Socket } from 'node:net';

/**
 * A unix socket that waits for one caller. We listen and QEMU connects, not the other
 * way round: the connection itself is the event to wait for (no polling for a path to
 * appear), and a QEMU whose parent died before it came up finds nobody and exits.
 */
export class InboundSocket {
  private constructor(
    readonly path: string,
    private readonly server: Server,
    /** Resolves with the first connection; never rejects. */
    readonly connected: Promise<Socket>,
  ) {}

  /** @throws the error of listen(2), e.g. ENOSPC, EACCES. */
  static async listen(path: string): Promise<InboundSocket> {
    const server = createServer();
    const connected = new Promise<Socket>((resolve) => {
      server.once('connection', (socket) => {
        server.close();
        resolve(socket);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new InboundSocket(path, server, connected);
  }

  /** Stops listening and drops the connection, if any. */
  close(): void {
    this.server.close();
    void this.connected.then((socket) => socket.destroy());
  }
}
