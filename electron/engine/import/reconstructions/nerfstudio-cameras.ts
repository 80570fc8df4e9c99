/**
 * What `transforms.json` says of cameras: of all in its head, of one picture in its frame, where the frame's own word
 * counts (docs.nerf.studio, "Data conventions"; instant-ngp, docs/nerf_dataset_tips.md).
 */
import { z } from 'zod'
import type { Intrinsics } from '../../../../shared/geometry/data.ts'

const cameraFields = {
  w: z.number().optional(),
  h: z.number().optional(),
  fl_x: z.number().optional(),
  fl_y: z.number().optional(),
  cx: z.number().optional(),
  cy: z.number().optional(),
  camera_angle_x: z.number().optional(),
  camera_angle_y: z.number().optional(),
  k1: z.number().optional(),
  k2: z.number().optional(),
  k3: z.number().optional(),
  k4: z.number().optional(),
  p1: z.number().optional(),
  p2: z.number().optional(),
  camera_model: z.string().optional(),
  is_fisheye: z.boolean().optional(),
}

const frameSchema = z.object({
  ...cameraFields,
  file_path: z.string().optional(),
  transform_matrix: z.array(z.array(z.number())).min(3).max(4),
  timestamp: z.number().optional(),
  depth_file_path: z.string().optional(),
  depth_path: z.string().optional(),
})

export const transformsSchema = z.object({
  ...cameraFields,
  frames: z.array(frameSchema).max(1_000_000),
  ply_file_path: z.string().optional(),
  applied_transform: z.array(z.array(z.number())).optional(),
  applied_scale: z.number().positive().optional(),
  depth_unit_scale_factor: z.number().positive().optional(),
  integer_depth_scale: z.number().positive().optional(),
})

export type Transforms = z.infer<typeof transformsSchema>
export type TransformsFrame = z.infer<typeof frameSchema>
type CameraFields = Omit<Transforms, 'frames'>

/** Models that bend the picture so much that depth cannot be put into space as if through a pinhole. */
const WIDE_MODELS = new Set(['OPENCV_FISHEYE', 'EQUIRECTANGULAR', 'FISHEYE624', 'OMNIDIRECTIONALSTEREO_L'])
const NO_WIDE_MODELS = new Set(['PERSPECTIVE', 'PINHOLE', 'SIMPLE_PINHOLE', 'SIMPLE_RADIAL', 'RADIAL', 'OPENCV'])

export function fieldsOf(transforms: Transforms, frame: TransformsFrame): CameraFields {
  const own = Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined))
  return { ...transforms, ...own }
}

/** Whether pixels and directions hang together as in a pinhole; undefined for a model that is not known here. */
export function isPinhole({ camera_model, is_fisheye }: CameraFields): boolean | undefined {
  if (is_fisheye === true) return false
  const model = camera_model?.toUpperCase()
  if (model === undefined || NO_WIDE_MODELS.has(model)) return true
  return WIDE_MODELS.has(model) ? false : undefined
}

export function isDistorted({ k1, k2, k3, k4, p1, p2 }: CameraFields): boolean {
  return [k1, k2, k3, k4, p1, p2].some((value) => value !== undefined && value !== 0)
}

function focalLength(pixels: number | undefined, angle: number | undefined, side: number): number | undefined {
  if (pixels !== undefined) return pixels
  return angle !== undefined && angle > 0 && angle < Math.PI ? side / 2 / Math.tan(angle / 2) : undefined
}

/**
 * The pinhole of a picture; undefined where a focal length is missing or makes no sense.
 * @param size Of the picture, where the file does not say it; half of that is its middle.
 */
export function intrinsicsOf(
  fields: CameraFields,
  size: { readonly width: number; readonly height: number },
): Intrinsics | undefined {
  const width = fields.w ?? (fields.cx === undefined ? size.width : Math.round(2 * fields.cx))
  const height = fields.h ?? (fields.cy === undefined ? size.height : Math.round(2 * fields.cy))
  const fx = focalLength(fields.fl_x, fields.camera_angle_x, width)
  const fy = focalLength(fields.fl_y, fields.camera_angle_y, height) ?? fx
  const { cx = width / 2, cy = height / 2 } = fields
  const usable = [width, height, fx, fy].every((value) => value !== undefined && value > 0 && value < 1e6)
  if (!usable || fx === undefined || fy === undefined || !Number.isFinite(cx + cy)) return undefined
  return { width, height, fx, fy, cx, cy }
}
