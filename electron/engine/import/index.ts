/** The registry of importers. An importer is added by adding it to this array; nothing else needs to know of it. */
import type { Importer } from './importer.ts'
import { ariaImporter } from './captures/aria.ts'
import { arkitScenesImporter } from './captures/arkitscenes.ts'
import { bvhImporter } from './motion/bvh.ts'
import { colmapImporter } from './reconstructions/colmap.ts'
import { droneCaptionsImporter } from './motion/drone-captions.ts'
import { e57Importer } from './scans/e57.ts'
import { eurocImporter } from './captures/euroc-folder.ts'
import { fitImporter } from './motion/fit.ts'
import { ulogImporter } from './motion/ulog.ts'
import { gltfImporter } from './scenes/gltf.ts'
import { goproImporter } from './motion/gopro.ts'
import { gpxImporter } from './motion/gpx.ts'
import { hololensImporter } from './captures/hololens.ts'
import { kmlImporter } from './motion/kml.ts'
import { kittiRawImporter } from './captures/kitti-raw.ts'
import { kittiImporter } from './reconstructions/kitti-poses.ts'
import { lasImporter } from './scans/las.ts'
import { mcapImporter, rosbagImporter, rosDatabaseImporter } from './messages/mcap.ts'
import { audioImporter } from './media/audio.ts'
import { imageImporter } from './media/image.ts'
import { videoImporter } from './media/video.ts'
import { motionCsvImporter } from './motion/motion-csv.ts'
import { nmeaImporter } from './motion/nmea.ts'
import { withNearClocks } from './near-clock.ts'
import { nerfstudioImporter } from './reconstructions/nerfstudio.ts'
import { objImporter } from './scans/obj.ts'
import { packedImporter } from './captures/packed.ts'
import { pcdImporter } from './scans/pcd.ts'
import { plyImporter } from './scans/ply.ts'
import { polycamImporter } from './captures/polycam.ts'
import { questCaptureImporter } from './captures/quest-capture.ts'
import { record3dImporter } from './captures/record3d.ts'
import { roomPlanImporter } from './captures/room-plan.ts'
import { scannerAppImporter } from './captures/scanner-app.ts'
import { sogImporter } from './scans/sog.ts'
import { splatImporter } from './scans/splat.ts'
import { spzImporter } from './scans/spz.ts'
import { stlImporter } from './scans/stl.ts'
import { strayScannerImporter } from './captures/stray-scanner.ts'
import { tumRgbdImporter } from './captures/tum-rgbd.ts'
import { tcxImporter } from './motion/tcx.ts'
import { usdImporter } from './scenes/usd.ts'
import { xrRoomImporter } from './captures/xr-room.ts'
import { xyzImporter } from './scans/xyz.ts'

/** @throws when two entries share an id, since ids are an interface. */
function registry(entries: readonly Importer[]): readonly Importer[] {
  const ids = new Set<string>()
  for (const { id } of entries) {
    if (ids.has(id)) throw new Error(`two importers are called ${id}`)
    ids.add(id)
  }
  return entries.map(withNearClocks)
}

/** Among importers that are equally sure, earlier ones win. */
const unpacked: readonly Importer[] = registry([
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
  kittiRawImporter,
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
  splatImporter,
  sogImporter,
  mcapImporter,
  rosbagImporter,
  rosDatabaseImporter,
  objImporter,
  bvhImporter,
  kittiImporter,
  fitImporter,
  ulogImporter,
  gpxImporter,
  kmlImporter,
  tcxImporter,
  droneCaptionsImporter,
  nmeaImporter,
  motionCsvImporter,
  xyzImporter,
  goproImporter,
  videoImporter,
  audioImporter,
  imageImporter,
])

export const importers: readonly Importer[] = [...unpacked, packedImporter(unpacked)]
