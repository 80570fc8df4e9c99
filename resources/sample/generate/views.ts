/** The three cameras. */
import { CLOCKS } from './clocks.ts'
import { CAMERA_B, FIELD_OF_VIEW, cameraAAt, phoneAt } from './motion.ts'
import type { View } from './render.ts'

export const VIEWS = {
  cameraA: {
    id: 'camera-a',
    clock: CLOCKS.cameraA,
    framesPerSecond: 30,
    width: 640,
    height: 360,
    fieldOfView: FIELD_OF_VIEW.cameraA,
    poseAt: cameraAAt,
    parts: ['arm', 'leg', 'cup'],
  },
  cameraB: {
    id: 'camera-b',
    clock: CLOCKS.cameraB,
    framesPerSecond: 25,
    width: 640,
    height: 360,
    fieldOfView: FIELD_OF_VIEW.cameraB,
    poseAt: () => CAMERA_B,
    parts: ['head', 'trunk', 'arm', 'leg', 'cup'],
  },
  phone: {
    id: 'phone',
    clock: CLOCKS.phone,
    framesPerSecond: 15,
    width: 480,
    height: 360,
    fieldOfView: FIELD_OF_VIEW.phone,
    poseAt: phoneAt,
    parts: ['arm', 'leg', 'cup'],
  },
} as const satisfies Record<string, View>
