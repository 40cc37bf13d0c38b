// SPDX-License-Identifier: GPL-2.0-only
// @ts-check

/**
 * @typedef {object} Screen where progress goes: standard error, so that `--json -` stays one document
 * @property {boolean} [isTTY]
 * @property {(text: string) => unknown} write
 */

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Runs one stage, and says what it does and how long it took: one line that counts on a terminal,
 * two plain lines elsewhere.
 * @template T
 * @param {{ name: string, does: string, streams?: boolean, ok?: (result: T) => boolean }} stage
 *   `streams`: the stage's children print by themselves, so no line is rewritten under them
 * @param {() => Promise<T>} work
 * @param {Screen} [screen]
 * @returns {Promise<T>}
 */
export const runStage = async ({ name, does, streams = false, ok = () => true }, work, screen = process.stderr) => {
  const startedMs = performance.now();
  const took = () => seconds(performance.now() - startedMs);
  const rewrites = screen.isTTY === true && !streams;
  const show = () => screen.write(`\r\u001B[K… ${name}: ${does} (${took()})`);
  if (rewrites) show();
  else screen.write(`… ${name}: ${does}\n`);
  const ticking = rewrites ? setInterval(show, 200) : undefined;
  /** @param {string} mark */
  const close = (mark) => {
    clearInterval(ticking);
    screen.write(`${rewrites ? '\r\u001B[K' : ''}${mark} ${name}: ${does} (${took()})\n`);
  };
  try {
    const result = await work();
    close(ok(result) ? '✓' : '✗');
    return result;
  } catch (error) {
    close('✗');
    throw error;
  }
};
