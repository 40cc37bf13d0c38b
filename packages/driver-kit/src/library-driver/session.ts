// SPDX-License-Identifier: GPL-2.0-only
import { completion, KObject, type bio, type gendisk } from '@libmultipath/kernel';

/** A read of a scenario, under its label. */
export class library_read extends KObject {
  /** `ok`, an errno name, or `pending`. */
  result = 'pending';
  /** Labels of the paths that its bios were sent to, in their order. */
  readonly paths: string[] = [];
  readonly ended = new completion(this);
  /** Open until the read was awaited. */
  opened: gendisk | null = null;
}

/** What a scenario has introduced, and the root of it in the state of the machine. */
export class library_session extends KObject {
  readonly reads = new Map<string, library_read>();
  /** Bios under way → the read that sent them. */
  readonly sent = new Map<bio, library_read>();
  /** Sectors given to reads so far: each read has one of its own. */
  sectorsUsed = 0;
}
