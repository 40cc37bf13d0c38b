// SPDX-License-Identifier: GPL-2.0-only
import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so a test never sees a stale `dist`.
const ours = ['@libmultipath/source'];
const conditions = [...ours, 'module', 'node', 'development|production'];

const minuteMs = 60_000;

/** Beside the code, no machine needed. */
const units = {
  include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'launch/**/*.test.ts', 'docs/**/*.test.ts', 'bench/**/*.test.ts'],
  exclude: ['**/node_modules/**', '**/dist/**', '**/*.vm.test.ts'],
  testTimeout: minuteMs / 2,
  hookTimeout: minuteMs / 2,
  teardownTimeout: minuteMs / 6,
};

/** `--mode vm`: tests that boot a machine, one file at a time, with time for an unaccelerated boot. */
const machines = {
  include: ['src/**/*.vm.test.ts', 'test/**/*.vm.test.ts', 'docs/**/*.vm.test.ts'],
  exclude: ['**/node_modules/**', '**/dist/**'],
  fileParallelism: false,
  testTimeout: 10 * minuteMs,
  hookTimeout: 10 * minuteMs,
  teardownTimeout: minuteMs,
};

/**
 * One configuration for every package: vitest looks upwards from `--root`, so
 * `npx vitest run --root packages/errors` ends here.
 */
export default defineConfig(({ mode }) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ours } },
  test: {
    ...(mode === 'vm' ? machines : units),
    environment: 'node',
    passWithNoTests: true,
    maxWorkers: 2,
  },
}));
