/** Which reader a channel of an MCAP file needs. */
import type { McapReader } from './mcap-content.ts'
import { fieldsReader } from './named-messages.ts'
import { protobufReader } from './protobuf-message.ts'
import { rosReader } from './ros-messages.ts'

interface Channel {
  readonly messageEncoding: string
  readonly schemaName: string
  readonly schemaData: Uint8Array
}

/** What reads a channel's messages; undefined for those that hold something else. */
export function mcapReader({ messageEncoding, schemaName, schemaData }: Channel): McapReader | undefined {
  if (messageEncoding === 'cdr' || messageEncoding === 'ros1') return rosReader(schemaName, messageEncoding)
  const read = fieldsReader(schemaName.split(/[/.]/).at(-1) ?? '')
  if (!read) return undefined
  if (messageEncoding === 'json') return (data) => read(JSON.parse(new TextDecoder().decode(data)))
  const message = messageEncoding === 'protobuf' ? protobufReader(schemaData, schemaName) : undefined
  return message && ((data) => read(message(data)))
}
