/**
 * Nothing twice, nothing lost: works that are uploaded, signed, sent and mined by processes killed at random moments, on a
 * chain of this machine; once more with a node that loses, delays, doubles, mixes up and falsifies answers.
 */
import { seededRandom } from '../fixtures/import/seeded-random.ts'
import { makeHome, removeHome } from '../fixtures/chain/chain-home.ts'
import { runKills } from '../fixtures/chain/kill-run.ts'

/** The second with a share of false or lost answers. */
const RUNS = [
  { works: 50, kills: 200, faults: 0 },
  { works: 20, kills: 40, faults: 0.05 },
] as const

export async function run(print: (line: string) => void): Promise<void> {
  for (const { works, kills, faults } of RUNS) {
    const home = makeHome()
    try {
      const began = performance.now()
      const result = await runKills({ home, works, kills, random: seededRandom(7), faults, print })
      const { tokens, duplicates, stuck, unseen } = result
      print(
        `${result.kills} kill -9, ${result.faults} false or lost answers, ${works} works: ${tokens} tokens, ${duplicates} duplicates, ${stuck} stuck, ${unseen} sent unseen (${((performance.now() - began) / 1000).toFixed(0)} s)`,
      )
      print(`  held to ${works}, 0, 0, 0: ${tokens === works && duplicates + stuck + unseen === 0 ? 'yes' : 'NO'}`)
    } finally {
      await removeHome(home)
    }
  }
}
