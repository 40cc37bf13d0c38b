// SPDX-License-Identifier: GPL-2.0-only
import { Session } from 'node:inspector';
import { setTimeout as after } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { type Place, PLACE } from './heartbeat.js';

/** Where a thread was when it was halted. */
export interface HaltedAt {
  readonly place: Place;
  /** JavaScript functions that have a name, innermost first. */
  readonly calls: readonly string[];
}

const ANSWER_MS = 3_000;
const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(PLACE))})]?.()`;

const field = (value: unknown, ...names: readonly (string | number)[]): unknown => {
  let found = value;
  for (const name of names) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return found;
};

const callsOf = (paused: unknown): string[] => {
  const frames = field(paused, 'params', 'callFrames');
  if (!Array.isArray(frames)) return [];
  return frames
    .map((frame) => field(frame, 'functionName'))
    .filter((name): name is string => typeof name === 'string' && name !== '');
};

const placeOf = (text: unknown): Place => {
  const nowhere: Place = { functions: [] };
  // Our own answer, from the other side of PLACE.
  return typeof text === 'string' ? (JSON.parse(text) as Place) : nowhere;
};

/**
 * Halts a thread that does not come back and asks it where it is: the debugger reaches it
 * also in a loop without end. Leaves it running; the caller ends it.
 * @returns undefined when it does not answer in time
 */
export const askPlace = async (worker: Worker): Promise<HaltedAt | undefined> => {
  const session = new Session();
  session.connect();
  const given = new AbortController();
  try {
    return await Promise.race([
      conversation(session, String(worker.threadId)),
      after(ANSWER_MS, undefined, { signal: given.signal }),
    ]);
  } catch {
    return undefined;
  } finally {
    given.abort();
    session.disconnect();
  }
};

const conversation = (session: Session, threadId: string): Promise<HaltedAt> =>
  new Promise((resolve, reject) => {
    let id = 0;
    let sessionId: unknown;
    let calls: string[] = [];
    const post = (method: string, params: object): void => {
      session.post(method, params, (error) => {
        // An id tells that it is an error; null means none.
        if (error !== null) reject(error);
      });
    };
    const send = (method: string, params: object = {}): void =>
      post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: ++id, method, params }) });
    session.on('NodeWorker.attachedToWorker', (attached) => {
      // The id that stands there is the debugger's own count; the title has the thread's number.
      if (!String(field(attached, 'params', 'workerInfo', 'title')).startsWith(`[worker ${threadId}]`)) return;
      sessionId = field(attached, 'params', 'sessionId');
      send('Debugger.enable');
      send('Debugger.pause');
    });
    session.on('NodeWorker.receivedMessageFromWorker', (received) => {
      if (field(received, 'params', 'sessionId') !== sessionId) return;
      const message: unknown = JSON.parse(String(field(received, 'params', 'message')));
      if (field(message, 'method') === 'Debugger.paused') {
        calls = callsOf(message);
        const callFrameId = field(message, 'params', 'callFrames', 0, 'callFrameId');
        send('Debugger.evaluateOnCallFrame', { callFrameId, expression: EXPRESSION, returnByValue: true });
      } else if (field(message, 'id') === id && id > 2) {
        // A halted thread cannot be ended.
        send('Debugger.resume');
        post('NodeWorker.detach', { sessionId });
        resolve({ place: placeOf(field(message, 'result', 'result', 'value')), calls });
      }
    });
    post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  });
