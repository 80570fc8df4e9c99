/** One metric world out of pairwise measurements: believes, places, refines, and says why where it cannot. */
import { because, type Why } from '../../../../shared/sayings/saying.ts'
import {
  IDENTITY4,
  invertSimilarity,
  isSimilarity,
  type Matrix4,
  multiply,
  scaleOf,
} from '../../../../shared/geometry/matrix4.ts'
import { believe } from './graph-cycles.ts'
import { optimise } from './graph-optimise.ts'
import type {
  Edge,
  JudgedPair,
  PairMeasurement,
  PoseGraphInput,
  PoseGraphSolution,
  SolvedTransform,
} from './pose-graph-model.ts'

export type { PairMeasurement, PoseGraphSolution } from './pose-graph-model.ts'

export function solvePoseGraph(input: PoseGraphInput): PoseGraphSolution {
  const ids = input.assets.map((asset) => asset.assetId)
  const nodeOf = new Map(ids.map((id, i) => [id, i]))
  const refused = new Map<PairMeasurement, Why>()
  const edges: Edge[] = []
  for (const pair of input.pairs) {
    const edge = edgeOf(pair, nodeOf)
    if ('reason' in edge) refused.set(pair, edge)
    else edges.push(edge)
  }
  const fixed = new Map<number, Matrix4>()
  for (const { assetId, worldFromAsset } of input.manual) {
    const node = nodeOf.get(assetId)
    if (node !== undefined && isSimilarity(worldFromAsset)) fixed.set(node, worldFromAsset)
  }
  const world = worldNode(input, edges, nodeOf)
  if (world === undefined) {
    const unregistered = ids.map((assetId) => ({ assetId, ...reasonFor(assetId, input.pairs, refused) }))
    return { worldAssetId: null, transforms: [], pairs: judged(input, refused), cycles: [], unregistered }
  }
  if (!fixed.has(world)) fixed.set(world, IDENTITY4)
  const belief = believe(ids.length, edges, fixed, (node) => ids[node])
  for (const { edge, reason } of belief.rejected) refused.set(edge.pair, reason)
  const reached = spread(fixed, belief.tree, belief.doubted)
  const start = new Map([...reached].map(([node, entry]) => [node, entry.pose]))
  const inUse = [...belief.tree, ...belief.closing].filter((edge) => start.has(edge.target) && start.has(edge.source))
  const solved = optimise(start, inUse, new Set(fixed.keys()))
  const transforms: SolvedTransform[] = []
  const unregistered: ({ assetId: string } & Why)[] = []
  const manual = new Set(input.manual.map((entry) => entry.assetId))
  ids.forEach((assetId, node) => {
    const entry = reached.get(node)
    const pose = solved.poses.get(node)
    if (!entry || !pose) {
      unregistered.push({ assetId, ...reasonFor(assetId, input.pairs, refused) })
      return
    }
    const registration = entry.via?.pair.registration
    const tie = registration?.registered ? registration : undefined
    transforms.push({
      assetId,
      worldFromAsset: pose,
      scale: scaleOf(pose),
      covariance: fixed.has(node) ? null : (solved.covariances.get(node) ?? null),
      rmseMetres: tie?.rmseMetres ?? null,
      overlap: tie?.overlap ?? null,
      confidence: entry.confidence,
      method: fixed.has(node) ? (manual.has(assetId) ? 'manual' : 'reference') : (tie?.method ?? 'reference'),
      evidencePairIds: inUse
        .filter((edge) => edge.target === node || edge.source === node)
        .map((edge) => edge.pair.pairId),
    })
  })
  return { worldAssetId: ids[world], transforms, pairs: judged(input, refused), cycles: belief.cycles, unregistered }
}

/** The edge, or why the pair cannot be used. */
function edgeOf(pair: PairMeasurement, nodeOf: ReadonlyMap<string, number>): Edge | Why {
  const { registration, verdict } = pair
  const target = nodeOf.get(pair.targetAssetId)
  const source = nodeOf.get(pair.sourceAssetId)
  if (verdict === 'reject') return because('space.rejected')
  if (target === undefined || source === undefined || target === source) return because('space.notTwo')
  if (!registration.registered) return { reason: registration.reason, said: registration.said }
  if (!isSimilarity(registration.targetFromSource)) return because('space.badTransform')
  if (registration.covariance.length !== 36 || !registration.covariance.every(Number.isFinite)) {
    return because('space.noUncertainty')
  }
  return {
    pair,
    target,
    source,
    targetFromSource: registration.targetFromSource,
    scale: registration.scale,
    covariance: registration.covariance,
    confidence: registration.confidence,
    forced: verdict === 'accept',
  }
}

/** The reference; else one placed by hand; else the best connected of the metric assets, the largest of equals. */
function worldNode(
  input: PoseGraphInput,
  edges: readonly Edge[],
  nodeOf: ReadonlyMap<string, number>,
): number | undefined {
  const asked = input.referenceAssetId === undefined ? undefined : nodeOf.get(input.referenceAssetId)
  if (asked !== undefined) return asked
  const byHand = input.manual.map((entry) => nodeOf.get(entry.assetId)).find((node) => node !== undefined)
  if (byHand !== undefined) return byHand
  if (edges.length === 0) return undefined
  const connected = new Float64Array(input.assets.length)
  for (const edge of edges) {
    connected[edge.target] += edge.confidence
    connected[edge.source] += edge.confidence
  }
  // Confidences that differ by noise must not decide: a tenth is the grain.
  const rank = (node: number) => Math.round(connected[node] * 5) * 1e6 + (input.assets[node].sizeMetres ?? 0)
  const joined = [...new Set(edges.flatMap(({ target, source }) => [target, source]))].toSorted((a, b) => a - b)
  const metric = joined.filter((node) => input.assets[node].scaleKnown !== false)
  return (metric.length > 0 ? metric : joined).reduce((best, node) => (rank(node) > rank(best) ? node : best))
}

interface Reached {
  readonly pose: Matrix4
  readonly confidence: number
  readonly via?: Edge
}

/** Poses along the tree, from what is fixed outwards. */
function spread(
  fixed: ReadonlyMap<number, Matrix4>,
  tree: readonly Edge[],
  doubted: ReadonlySet<Edge>,
): Map<number, Reached> {
  const reached = new Map<number, Reached>([...fixed].map(([node, pose]) => [node, { pose, confidence: 1 }]))
  for (let grew = true; grew;) {
    grew = false
    for (const edge of tree) {
      const target = reached.get(edge.target)
      const source = reached.get(edge.source)
      if (target ? source : !source) continue
      grew = true
      // In a cycle that does not close any of its pairs may be the wrong one.
      const own = (edge.forced ? 1 : edge.confidence) * (doubted.has(edge) ? 0.5 : 1)
      if (target) {
        const pose = multiply(target.pose, edge.targetFromSource)
        reached.set(edge.source, { pose, confidence: target.confidence * own, via: edge })
      } else if (source) {
        const pose = multiply(source.pose, invertSimilarity(edge.targetFromSource))
        reached.set(edge.target, { pose, confidence: source.confidence * own, via: edge })
      }
    }
  }
  return reached
}

function judged(input: PoseGraphInput, refused: ReadonlyMap<PairMeasurement, Why>): JudgedPair[] {
  return input.pairs.map((pair) => {
    const why = refused.get(pair)
    return why === undefined ? { ...pair, accepted: true } : { ...pair, accepted: false, ...why }
  })
}

/** Of all reasons the one that helps most: ambiguity first, then contradiction, then whatever there is. */
function reasonFor(
  assetId: string,
  pairs: readonly PairMeasurement[],
  refused: ReadonlyMap<PairMeasurement, Why>,
): Why {
  const own = pairs.filter((pair) => pair.targetAssetId === assetId || pair.sourceAssetId === assetId)
  if (own.length === 0) return because('space.alone')
  const reasons = own.flatMap((pair) => refused.get(pair) ?? [])
  return (
    reasons.find(({ reason }) => reason.startsWith('ambiguous')) ??
    reasons.find(({ reason }) => reason.startsWith('contradicts')) ??
    reasons[0] ??
    because('space.joinedLoose')
  )
}
