import type { ExactPictures } from './exact-pictures.ts'

/** As the camera was held. */
export function drawUpright(
  canvas: HTMLCanvasElement,
  frame: CanvasImageSource,
  { rotation, width, height }: Pick<ExactPictures, 'rotation' | 'width' | 'height'>,
): void {
  const isTurned = rotation % 180 !== 0
  const [across, down] = isTurned ? [height, width] : [width, height]
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across
    canvas.height = down
  }
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) return
  context.setTransform(1, 0, 0, 1, across / 2, down / 2)
  context.rotate((rotation * Math.PI) / 180)
  context.drawImage(frame, -width / 2, -height / 2, width, height)
}
