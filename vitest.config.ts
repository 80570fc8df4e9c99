import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const ring = (name: string, pool: 'threads' | 'forks', testTimeout: number) => ({
  test: {
    name,
    pool,
    include: [`tests/${name}/**/*.test.ts`],
    environment: 'node' as const,
    testTimeout,
    hookTimeout: testTimeout,
    // What is waited for comes when a busy machine gets to it, and a second, vitest's own patience, is none.
    expect: { poll: { timeout: 30_000 } },
  },
})

/** Files of a ring in the same workers, but for those of a ring within. */
const shared = ({ test }: ReturnType<typeof ring>) => ({
  test: { ...test, isolate: false, exclude: [`tests/${test.name}/renderer/**`] },
})

/**
 * The four rings: unit, contract, integration, e2e. Two workers, since the machines this is held to have two cores; a
 * third one won nothing, for the processors are what everything waits for.
 * Unit tests share two threads and what those have loaded, which takes a fifth of their processor time away; those of the
 * window have a thread for each file, since its stores are there once. What loads native code that must not end with a
 * thread, as the runtime of models, is no unit test. Integration tests share two processes: each file loads the engine
 * otherwise, a second of a processor.
 * Threads and programs that tests start keep their compiled code where `tools/run.mjs` keeps its own: they start in a
 * third of the time, and without WebAssembly that strips types, whose memory V8 loses count of when threads come and go
 * ("Check failed: jit_page.has_value()", which ends the process).
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) },
    projects: [
      shared(ring('unit', 'threads', 60_000)),
      ring('unit/renderer', 'threads', 60_000),
      ring('contract', 'forks', 60_000),
      shared(ring('integration', 'forks', 180_000)),
      ring('e2e', 'forks', 240_000),
    ],
  },
})
