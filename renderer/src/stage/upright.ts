/** Draws the pictures of a film as the camera was held. */
import type { ExactPictures } from './exact-pictures.ts'

type Shape = Pick<ExactPictures, 'rotation' | 'width' | 'height'>

/**
 * Where pictures are turned into what canvases hold, one after the other. It is kept: at 1080p a browser that draws by
 * itself spends 50 to 100 ms on memory that is new for each picture, and 3 ms on what is written to it.
 */
let room: ImageData | null = null
/** Of those that are not drawn as they lie. */
let between: OffscreenCanvas | null = null
let turn: Promise<unknown> = Promise.resolve()

/**
 * @param isWanted asked when its turn has come: what is no longer wanted leaves the canvas as it is
 * @returns whether it was drawn
 */
export async function drawUpright(
  canvas: HTMLCanvasElement,
  picture: VideoFrame,
  shape: Shape,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  // Whoever gave it closes it when they like.
  const frame = picture.clone()
  const mine = turn.then(async () => {
    const samples = isWanted() ? await samplesOf(frame) : null
    return isWanted() && draw(canvas, frame, samples, shape)
  })
  turn = mine.catch(() => undefined)
  try {
    return await mine
  } finally {
    frame.close()
  }
}

/** Null where the browser does not say them; those that are seen through are for it to lay over black. */
async function samplesOf(frame: VideoFrame): Promise<ImageData | null> {
  const { width = 0, height = 0 } = frame.visibleRect ?? {}
  if (!frame.format || frame.format.endsWith('A')) return null
  if (room?.width !== width || room.height !== height) room = new ImageData(width, height)
  try {
    await frame.copyTo(room.data, { format: 'RGBA', colorSpace: 'srgb' })
    return room
  } catch {
    return null
  }
}

function draw(
  canvas: HTMLCanvasElement,
  frame: VideoFrame,
  samples: ImageData | null,
  { rotation, width, height }: Shape,
): boolean {
  const isTurned = rotation % 180 !== 0
  const [across, down] = isTurned ? [height, width] : [width, height]
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across
    canvas.height = down
  }
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return false
  context.setTransform(1, 0, 0, 1, across / 2, down / 2)
  context.rotate((rotation * Math.PI) / 180)
  if (!samples) context.drawImage(frame, -width / 2, -height / 2, width, height)
  else if (rotation === 0 && samples.width === width && samples.height === height) context.putImageData(samples, 0, 0)
  else context.drawImage(laid(samples), -width / 2, -height / 2, width, height)
  return true
}

/** As something that can be turned and stretched. */
function laid(samples: ImageData): OffscreenCanvas {
  const { width, height } = samples
  if (between?.width !== width || between.height !== height) between = new OffscreenCanvas(width, height)
  between.getContext('2d', { alpha: false })?.putImageData(samples, 0, 0)
  return between
}
