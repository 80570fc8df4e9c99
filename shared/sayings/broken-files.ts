/** What is wrong with a file that a reader opened, as each reader finds it. */
export const brokenFiles = {
  'broken.folderTooFull': 'The folder holds more than {most} files.',
  'broken.zeroByte': 'A path cannot contain a zero byte.',
  'broken.noStreams': 'Nothing in it holds poses, inertia, depth or points.',
  'broken.streamUnknown': 'There is no stream {index}.',
  'broken.streamOther': 'That stream holds something else.',
  'broken.streamNoDepth': 'That stream holds no depth.',
  'broken.streamNoGeometry': 'That stream holds no geometry.',
  'broken.streamNoMotion': 'Its stream {index} holds no motion.',
  'broken.streamNotInertial': 'Its stream {index} is not an inertial one.',
  'broken.streamNotPoses': 'Its stream {index} is not one of poses.',
} as const
