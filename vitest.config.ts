import { defineConfig } from 'vitest/config'

const ring = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    environment: 'node' as const,
    testTimeout,
    hookTimeout: testTimeout,
  },
})

/** The four rings: unit, contract, integration, e2e. Two workers, since the machines this is held to have two cores. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [ring('unit', 60_000), ring('contract', 60_000), ring('integration', 180_000), ring('e2e', 240_000)],
  },
})
