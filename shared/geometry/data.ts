/**
 * What importers read out of spatial files. One frame for all of it: right-handed, +Y up, metres; a camera looks along
 * its own -Z with +Y up (glTF, OpenGL, ARKit). Quaternions are x, y, z, w. Times are nanoseconds on the device's clock.
 */

/** Points in an asset's frame. */
export interface PointCloud {
  readonly count: number
  /** x, y, z in metres; length 3 * count. */
  readonly positions: Float32Array
  /** Unit normals; length 3 * count. */
  readonly normals?: Float32Array
  /** sRGB 0..255; length 3 * count. */
  readonly colors?: Uint8Array
  /** What was subtracted from the positions before they were rounded to float32 (metres), as survey files need. */
  readonly origin?: readonly [number, number, number]
}

/** A triangle mesh in an asset's frame. */
export interface TriangleMesh {
  readonly vertexCount: number
  readonly triangleCount: number
  readonly positions: Float32Array
  readonly normals?: Float32Array
  readonly colors?: Uint8Array
  /** Vertex indices, three a triangle; every one below vertexCount. */
  readonly indices: Uint32Array
  /** What was subtracted from the positions before they were rounded to float32 (metres). */
  readonly origin?: readonly [number, number, number]
}

export type Scan =
  | { readonly kind: 'points' | 'splats'; readonly points: PointCloud }
  | { readonly kind: 'mesh'; readonly mesh: TriangleMesh }

/** Poses of a device over time: `asset_from_device`. */
export interface PosePath {
  readonly count: number
  /** Strictly increasing. */
  readonly timesNanoseconds: BigInt64Array
  /** x, y, z in metres; length 3 * count. */
  readonly positions: Float64Array
  /** x, y, z, w, unit; length 4 * count. */
  readonly rotations: Float64Array
}

/** Inertial samples in the device's frame. */
export interface ImuSamples {
  readonly count: number
  readonly timesNanoseconds: BigInt64Array
  /** m/s^2, gravity included; length 3 * count. */
  readonly accelerations?: Float64Array
  /** rad/s; length 3 * count. */
  readonly rotationRates?: Float64Array
}

/** A pinhole camera in pixels of its own picture; its middle is counted from the corner of the first pixel, whose own middle lies at (0.5, 0.5). */
export interface Intrinsics {
  readonly width: number
  readonly height: number
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
}

/** One depth picture. */
export interface DepthFrame {
  readonly width: number
  readonly height: number
  /** Metres along the view axis, row-major from the top left; 0 where nothing was measured. */
  readonly depthMetres: Float32Array
  /** 0 low, 1 medium, 2 high, one a pixel. */
  readonly confidence?: Uint8Array
  readonly intrinsics: Intrinsics
  readonly timeNanoseconds: bigint
  /** `asset_from_camera` of this picture, where its camera is not what the asset's path follows. Quaternion x, y, z, w. */
  readonly pose?: {
    readonly position: readonly [number, number, number]
    readonly rotation: readonly [number, number, number, number]
  }
}
