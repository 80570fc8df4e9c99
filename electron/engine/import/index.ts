/** The registry of importers. An importer is added by adding it to this array; nothing else needs to know of it. */
import type { Importer } from './importer.ts'
import { ariaImporter } from './aria.ts'
import { arkitScenesImporter } from './arkitscenes.ts'
import { bvhImporter } from './bvh.ts'
import { colmapImporter } from './colmap.ts'
import { e57Importer } from './e57.ts'
import { eurocImporter } from './euroc-folder.ts'
import { gltfImporter } from './gltf.ts'
import { goproImporter } from './gopro.ts'
import { hololensImporter } from './hololens.ts'
import { kittiImporter } from './kitti-poses.ts'
import { lasImporter } from './las.ts'
import { mcapImporter } from './mcap.ts'
import { audioImporter } from './media-audio.ts'
import { imageImporter } from './media-image.ts'
import { videoImporter } from './media-video.ts'
import { motionCsvImporter } from './motion-csv.ts'
import { withNearClocks } from './near-clock.ts'
import { nerfstudioImporter } from './nerfstudio.ts'
import { objImporter } from './obj.ts'
import { pcdImporter } from './pcd.ts'
import { plyImporter } from './ply.ts'
import { polycamImporter } from './polycam.ts'
import { questCaptureImporter } from './quest-capture.ts'
import { record3dImporter } from './record3d.ts'
import { roomPlanImporter } from './room-plan.ts'
import { scannerAppImporter } from './scanner-app.ts'
import { sogImporter } from './sog.ts'
import { spzImporter } from './spz.ts'
import { stlImporter } from './stl.ts'
import { strayScannerImporter } from './stray-scanner.ts'
import { tumRgbdImporter } from './tum-rgbd.ts'
import { usdImporter } from './usd.ts'
import { xrRoomImporter } from './xr-room.ts'
import { xyzImporter } from './xyz.ts'

/** @throws when two entries share an id, since ids are an interface. */
function registry(entries: readonly Importer[]): readonly Importer[] {
  const ids = new Set<string>()
  for (const { id } of entries) {
    if (ids.has(id)) throw new Error(`two importers are called ${id}`)
    ids.add(id)
  }
  return entries.map(withNearClocks)
}

/** In order of preference between importers that are equally sure. */
export const importers: readonly Importer[] = registry([
  strayScannerImporter,
  polycamImporter,
  record3dImporter,
  scannerAppImporter,
  questCaptureImporter,
  ariaImporter,
  hololensImporter,
  arkitScenesImporter,
  tumRgbdImporter,
  eurocImporter,
  colmapImporter,
  nerfstudioImporter,
  xrRoomImporter,
  roomPlanImporter,
  plyImporter,
  gltfImporter,
  usdImporter,
  pcdImporter,
  stlImporter,
  lasImporter,
  e57Importer,
  spzImporter,
  sogImporter,
  mcapImporter,
  objImporter,
  bvhImporter,
  kittiImporter,
  motionCsvImporter,
  xyzImporter,
  goproImporter,
  videoImporter,
  audioImporter,
  imageImporter,
])
