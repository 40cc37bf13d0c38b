// SPDX-License-Identifier: GPL-2.0-only
// @ts-check

/**
 * The launcher runs before anything is installed, so it cannot import `@libmultipath/errors`; it
 * prints the same shape. Its numbers (LMP-95n) are declared in `packages/cli/src/errors.ts`.
 */
export class LaunchFailure extends Error {
  /**
   * @param {`LMP-95${number}`} code
   * @param {string} message what was expected and what was found
   * @param {string} todo
   * @param {number} [exit]
   */
  constructor(code, message, todo, exit = 2) {
    super(message);
    this.code = code;
    this.todo = todo;
    this.exit = exit;
  }

  format() {
    return `${this.code}: ${this.message}\n  → ${this.todo}`;
  }
}

/** A signal ended the run; the exit code says which. */
export class Interrupted extends Error {
  /** @param {'SIGINT' | 'SIGTERM' | 'SIGHUP'} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.exit = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal];
  }
}
