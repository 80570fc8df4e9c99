/** A thread of the bench of fonts: retrains models for one half of a world's truth. */
import { parentPort, workerData } from 'node:worker_threads'
import type { RotatedOrders } from '../fixtures/stars/world-recipe.ts'
import type { FontMarket } from '../fixtures/stars/font-worlds.ts'
import { measureFontMarket } from '../fixtures/stars/font-worlds.ts'

export interface HalfOfTruth {
  readonly market: FontMarket
  readonly orders: RotatedOrders
  readonly seed: number
}

const { market, orders, seed } = workerData as HalfOfTruth
parentPort!.postMessage(measureFontMarket(market, orders, seed))
