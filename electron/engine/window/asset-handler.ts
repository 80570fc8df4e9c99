/**
 * The bytes of assets for the window: `/media/<assetId>/<what>[?stream=N]`. The id is looked up in the open project; no
 * part of the URL becomes part of a path.
 */
import { requireRecord, streamsOf } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { thumbnailStream } from '../../../shared/document/seen-streams.ts'
import { mediaFileOf } from '../assets/asset-location.ts'
import { peaksFile, proxyFile, thumbnailIndexFile, thumbnailSheetFile } from '../assets/derived-media.ts'
import { createDepthFrames } from '../assets/depth-at.ts'
import { GEOMETRY_KINDS, geometryFile, type GeometryKind } from '../assets/geometry-files.ts'
import { contentTypeOf } from '../media/content-type.ts'
import { createMediaHandler, type ResolvedMedia } from '../media/media-handler.ts'
import { exportedFile } from '../publish/export-place.ts'
import { mediaTypeOf } from '../publish/formats/media-types.ts'
import type { Session } from '../session.ts'

const MOST_POINTS = 5_000_000
const DEFAULT_POINTS = 400_000

type Params = Readonly<Record<string, number>>
type Resolve = (session: Session, stream: Stream, params: Params, signal: AbortSignal) => Promise<ResolvedMedia | null>

const binary = (path: string | null): ResolvedMedia | null =>
  path === null ? null : { path, contentType: 'application/octet-stream' }

/** The recording itself, typed by what it is; a file inside a capture folder by its name. */
async function original(session: Session, stream: Stream): Promise<ResolvedMedia> {
  const path = await mediaFileOf(session, stream)
  const { format, assetKind } = requireRecord(session.document, 'asset', stream.assetId)
  return { path, contentType: assetKind === 'capture' ? mediaTypeOf(path) : contentTypeOf(format) }
}

const geometry =
  (kind: GeometryKind): Resolve =>
  async (session, stream, params, signal) => {
    const budget = Math.min(MOST_POINTS, Math.max(1, params['budget'] ?? DEFAULT_POINTS))
    return {
      path: await geometryFile(session, kind, stream, budget, signal),
      contentType: kind === 'motion' || kind === 'camera' ? 'application/json' : 'application/octet-stream',
    }
  }

const RESOLVERS: Readonly<Record<string, Resolve>> = {
  /** What a browser can play: the proxy if there is one, otherwise the recording itself. */
  play: async (session, stream) => {
    const proxy = await proxyFile(session, stream)
    return proxy ? { path: proxy, contentType: 'video/mp4' } : await original(session, stream)
  },
  original,
  peaks: async (session, stream) => binary(await peaksFile(session, stream)),
  'thumbnails.json': async (session, stream) => {
    const path = await thumbnailIndexFile(session, stream)
    return path === null ? null : { path, contentType: 'application/json' }
  },
  thumbnails: async (session, stream, params) => {
    const path = await thumbnailSheetFile(session, stream, params['sheet'] ?? 0)
    return path === null ? null : { path, contentType: 'image/jpeg' }
  },
  ...Object.fromEntries(GEOMETRY_KINDS.map((kind) => [kind, geometry(kind)])),
}

export function createAssetHandler(session: Session): (request: Request) => Promise<Response> {
  const depthAt = createDepthFrames(session)
  return async (request) => {
    // A handler per request, so that its work ends when its reader goes away.
    const handler = createMediaHandler({
      async resolve(assetId, what, params) {
        // For an export, the URL has its job's id in place of an asset's.
        if (what === 'exported') return binary(exportedFile(session, assetId, params['file'] ?? 0))
        const resolver = Object.hasOwn(RESOLVERS, what) ? RESOLVERS[what] : undefined
        if ((!resolver && what !== 'depth') || !session.project) return null
        requireRecord(session.document, 'asset', assetId)
        const stream = streamFor(session, assetId, what, params)
        if (stream && what === 'depth') {
          const bytes = await depthAt(stream, params['at'] ?? 0, request.signal)
          return { bytes, contentType: 'application/octet-stream' }
        }
        return stream && resolver ? await resolver(session, stream, params, request.signal) : null
      },
    })
    const response = await handler(request)
    // A file that is still being derived is no error: the window asks again when the job is done.
    return response.status === 404 && isDerived(request.url) ? new Response(null, { status: 204 }) : response
  }
}

function isDerived(url: string): boolean {
  return /\/(peaks|thumbnails|thumbnails\.json)$/.test(new URL(url).pathname)
}

/** The named stream, or the first that fits. */
function streamFor(session: Session, assetId: string, what: string, params: Params): Stream | undefined {
  const streams = streamsOf(session.document, assetId)
  const index = params['stream']
  if (index !== undefined) return streams.find((stream) => stream.index === index)
  return what.startsWith('thumbnails') ? thumbnailStream(streams) : streams[0]
}
