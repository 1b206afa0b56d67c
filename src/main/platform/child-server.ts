/**
 * The child's half of the typed request/reply over a process boundary. The same child runs under Electron's
 * utilityProcess (`process.parentPort`) and under Node's `fork` with advanced serialisation (tests, tools).
 *
 * Invariant: every call is answered exactly once; an error that is not an AppError leaves as `internal`, with its
 * text in `cause` for the parent's log only.
 */
import { AppError, toWire } from '../../shared/errors';
import type { ChildHandlers, ChildMessage, ChildMethods, ParentMessage } from './child-protocol';
import { refuseSockets } from './socket-guard';

type ParentPort = {
  postMessage: (message: ChildMessage) => void;
  on: (event: 'message', listener: (event: { data: ParentMessage }) => void) => void;
};

type Wire = {
  send: (message: ChildMessage) => void;
  receive: (listener: (message: ParentMessage) => void) => void;
};

const openWire = (): Wire => {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      receive: (listener) => parentPort.on('message', (event) => listener(event.data)),
    };
  }
  if (process.send) {
    // A parent that died must not leave a child with keys or a database behind.
    process.on('disconnect', () => process.exit(0));
    return {
      send: (message) => process.send?.(message),
      receive: (listener) => process.on('message', (message) => listener(message as ParentMessage)),
    };
  }
  throw new Error('this file runs as a child process only');
};

/** Serves `handlers` until the process ends. Calls run concurrently; a handler that needs order keeps it itself. */
export const serveChild = <M extends ChildMethods>(handlers: ChildHandlers<M>): void => {
  // SECURITY: no child has anything to say to a network, whatever the workspace's mode.
  refuseSockets();
  const wire = openWire();
  const running = new Map<number, AbortController>();
  wire.receive((message) => {
    if (message.kind === 'cancel') {
      running.get(message.id)?.abort(new AppError('cancelled'));
      return;
    }
    const { id, method, input } = message;
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    const controller = new AbortController();
    running.set(id, controller);
    const context = {
      signal: controller.signal,
      progress: (value: unknown) => wire.send({ kind: 'progress', id, value }),
    };
    Promise.resolve()
      .then(() => {
        if (!handler) throw new Error(`unknown child method ${method}`);
        return handler(input as never, context as never);
      })
      .then(
        (value) => wire.send({ kind: 'done', id, ok: true, value }),
        (error: unknown) => {
          const cause = error instanceof AppError ? error.cause : error;
          const text = cause instanceof Error ? (cause.stack ?? cause.message) : cause;
          wire.send({
            kind: 'done',
            id,
            ok: false,
            error: toWire(error, ''),
            ...(text === undefined ? {} : { cause: String(text) }),
          });
        },
      )
      .finally(() => running.delete(id));
  });
  wire.send({ kind: 'ready' });
};
