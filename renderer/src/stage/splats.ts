/**
 * The renderer of gaussian splats, loaded when the first are shown. Splats are cut by the same planes as all scans, and
 * the picture is drawn anew whenever their order was sorted again.
 */
import { dyno, SparkRenderer, SplatMesh } from '@sparkjsdev/spark'
import { Vector4, type Scene, type WebGLRenderer } from 'three'
import { scanPlanes } from './scan-planes.ts'

export type { SplatMesh } from '@sparkjsdev/spark'

const planes = scanPlanes.map(() => dyno.dynoVec4(new Vector4(0, 0, 0, 1)))
/** Of the planes; splats are worked out again when one has moved. */
let version = 0

/** Takes over where the planes are now. @returns a number that changes with them */
export function splatPlanes(): number {
  scanPlanes.forEach(({ normal, constant }, n) => {
    const { value } = planes[n]!
    if (value.x === normal.x && value.y === normal.y && value.z === normal.z && value.w === constant) return
    value.set(normal.x, normal.y, normal.z, constant)
    version++
  })
  return version
}

const cutByPlanes = dyno.dynoBlock({ gsplat: dyno.Gsplat }, { gsplat: dyno.Gsplat }, ({ gsplat }) => {
  const names = planes.map((_, n) => `plane${n}` as const)
  const cut = new dyno.Dyno({
    inTypes: { gsplat: dyno.Gsplat, ...Object.fromEntries(names.map((name) => [name, 'vec4' as const])) },
    outTypes: { gsplat: dyno.Gsplat },
    statements: ({ inputs, outputs }) => [
      `${outputs.gsplat} = ${inputs.gsplat};`,
      ...names.map((name) => {
        const plane = (inputs as Readonly<Record<string, string>>)[name]
        return `if (dot(${plane}.xyz, ${inputs.gsplat}.center) + ${plane}.w < 0.0) ${outputs.gsplat}.flags = 0u;`
      }),
    ],
  })
  const moved = Object.fromEntries(names.map((name, n) => [name, planes[n]!]))
  return { gsplat: cut.apply({ gsplat: gsplat!, ...moved }).gsplat }
})

const renderers = new WeakMap<Scene, SparkRenderer>()

/** Lets a scene draw splats; once is enough. */
export function drawSplatsIn(scene: Scene, renderer: WebGLRenderer, onSorted: () => void): void {
  if (renderers.has(scene)) return
  const spark = new SparkRenderer({ renderer, onDirty: onSorted })
  renderers.set(scene, spark)
  scene.add(spark)
}

/** @param bytes of a file of splats, as it lies on the disk @throws where it cannot be read as such */
export async function readSplats(bytes: ArrayBuffer, format: string): Promise<SplatMesh> {
  const mesh = new SplatMesh({
    fileBytes: new Uint8Array(bytes),
    fileName: `splats.${format}`,
    worldModifier: cutByPlanes,
  })
  await mesh.initialized
  return mesh
}
