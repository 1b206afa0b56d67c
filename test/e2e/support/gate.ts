/** A gate between the app and its node: shut, the node is down; turned, another node answers under the same address. */
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Gate = {
  readonly url: string;
  /** Refuses every connection, the open ones too. */
  readonly shut: () => void;
  readonly open: () => void;
  /** From now on the node at this address answers. */
  readonly turnTo: (url: string) => void;
  readonly close: () => Promise<void>;
};

export const openGate = async (target: string): Promise<Gate> => {
  let isShut = false;
  let goal = target;
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const upstream = request(goal, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  server.on('connection', (socket) => {
    if (isShut) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    shut: () => {
      isShut = true;
      cut();
    },
    open: () => {
      isShut = false;
    },
    turnTo: (url) => {
      goal = url;
      cut();
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
};
