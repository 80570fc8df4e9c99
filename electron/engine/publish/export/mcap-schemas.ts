/** JSON Schemas of the messages, by the names under which viewers know them (foxglove.dev/docs/visualization/message-schemas). */
const time = {
  type: 'object',
  properties: { sec: { type: 'integer', minimum: 0 }, nsec: { type: 'integer', minimum: 0, maximum: 999_999_999 } },
}
const vector = { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' }, z: { type: 'number' } } }
const quaternion = { type: 'object', properties: { ...vector.properties, w: { type: 'number' } } }
const text = { type: 'string' }

function message(title: string, properties: object): object {
  return { title, type: 'object', properties: { timestamp: time, ...properties } }
}

export const MCAP_SCHEMAS = {
  'foxglove.CompressedVideo': message('foxglove.CompressedVideo', {
    frame_id: text,
    data: { type: 'string', contentEncoding: 'base64' },
    format: text,
  }),
  'foxglove.RawAudio': message('foxglove.RawAudio', {
    data: { type: 'string', contentEncoding: 'base64' },
    format: text,
    sample_rate: { type: 'integer', minimum: 0 },
    number_of_channels: { type: 'integer', minimum: 0 },
  }),
  'foxglove.PoseInFrame': message('foxglove.PoseInFrame', {
    frame_id: text,
    pose: { title: 'foxglove.Pose', type: 'object', properties: { position: vector, orientation: quaternion } },
  }),
  'foxglove.Log': message('foxglove.Log', {
    level: { type: 'integer' },
    message: text,
    name: text,
    file: text,
    line: { type: 'integer', minimum: 0 },
  }),
  /** m/s², gravity included, and rad/s, in the device's frame; null where the device has no such sensor. */
  'asterism.Imu': message('asterism.Imu', {
    frame_id: text,
    linear_acceleration: { anyOf: [vector, { type: 'null' }] },
    angular_velocity: { anyOf: [vector, { type: 'null' }] },
  }),
} as const

export type McapSchemaName = keyof typeof MCAP_SCHEMAS
